"""Decoding of a segment: the frames that sampling looks at, and those in which a track is followed."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import av
import av.error
import numpy as np
from av.container import InputContainer
from numpy.typing import NDArray

from ..domain.errors import Poison, UnsupportedMedia
from .containers import check_decoder, decodable, open_container, packets
from .limits import check_size

# Two are a quarter sooner at the last frame that is looked at; further ones would keep the cores from other segments.
_THREADS = min(2, os.cpu_count() or 1)

_EIGHT_BIT_LUMA = {"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12", "gray"}
_FULL_RANGE = {"yuvj420p", "yuvj422p", "yuvj444p", "gray"}
_TAGGED_FULL = 2  # FFmpeg's AVCOL_RANGE_JPEG
_BRIGHTER = np.clip((np.arange(256) - 16) * (255 / 219) + 0.5, 0, 255).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class DecodedFrame:
    """A decoded frame. `offset` is its time in seconds from the segment's keyframe, `aspect` that of its pixels."""

    offset: float
    frame: av.VideoFrame
    aspect: Fraction | None = None


def looks(data: bytes, per_second: float, duration: float) -> Iterator[DecodedFrame]:
    """The first frame of an MPEG-TS segment, then the next one due each 1/`per_second` s, up to `duration` s.

    Frames that no other refers to are not decoded: their neighbours are near enough to look at. A damaged packet costs
    its frames only. Raises Poison if no frame can be decoded.
    """
    due, seen = 0.0, False
    for look in pictures(data, skip="NONREF"):
        seen = True
        if look.offset < due:
            continue
        yield look
        # The next point of a fixed grid, so that a redelivered segment is looked at in the same places.
        due = (int(look.offset * per_second + 1e-6) + 1) / per_second
        if due >= duration:
            return
    if not seen:
        raise Poison("no frame of the segment's video can be decoded")


def pictures(data: bytes, *, skip: Literal["DEFAULT", "NONREF"] = "DEFAULT") -> Iterator[DecodedFrame]:
    """The frames of an MPEG-TS segment, less those that FFmpeg's `skip_frame` names. Raises Poison."""
    try:
        container = open_container(io.BytesIO(data), "mpegts")
    except av.error.FFmpegError as error:
        raise Poison(f"the segment is not MPEG-TS: {error.strerror}") from None
    with container:
        if not container.streams.video:
            raise Poison("the segment has no video")
        video = container.streams.video[0]
        _check(video)
        video.codec_context.thread_type = "FRAME"
        video.codec_context.thread_count = _THREADS
        video.codec_context.skip_frame = skip
        yield from _frames(container, video)


def luma(frame: av.VideoFrame) -> NDArray[np.uint8]:
    """The frame's luma, height x width: a view of the frame, where its format allows."""
    if frame.format.name not in _EIGHT_BIT_LUMA:
        frame = frame.reformat(format="gray")
    plane = frame.planes[0]
    return np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: frame.height, : frame.width]


def brightened(plane: NDArray[np.uint8], frame: av.VideoFrame) -> NDArray[np.uint8]:
    """A plane of the frame's luma with black at 0 and white at 255, as in pictures; in most video they are 16, 235."""
    if frame.format.name not in _EIGHT_BIT_LUMA - _FULL_RANGE or frame.color_range == _TAGGED_FULL:
        return plane
    return _BRIGHTER[plane]


def _check(video: av.VideoStream) -> None:
    """Raises Poison unless the pictures are of an accepted codec and size."""
    try:
        if decodable(video):
            check_decoder(video)
        check_size(video.width, video.height)
    except UnsupportedMedia as error:
        raise Poison(str(error)) from None


def _frames(container: InputContainer, video: av.VideoStream) -> Iterator[DecodedFrame]:
    """Frames that can be shown, timed from the segment's first packet: its keyframe, decodable or not."""
    start: int | None = None
    for packet in packets(container, video):
        start = packet.pts if start is None else start
        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            continue
        for frame in frames:
            if start is not None and frame.pts is not None and frame.time_base and not frame.is_corrupt:
                offset = float((frame.pts - start) * frame.time_base)
                yield DecodedFrame(offset, frame, video.codec_context.sample_aspect_ratio)
