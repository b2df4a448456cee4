"""Decoding of a segment, only as far as it is looked at."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import av
import av.error
from av.container import InputContainer

from ..errors import Poison


@dataclass(frozen=True, slots=True)
class Look:
    """A decoded frame. `offset` is its time in seconds from the segment's first frame."""

    offset: float
    frame: av.VideoFrame


def looks(data: bytes, per_second: float, duration: float) -> Iterator[Look]:
    """The first frame of an MPEG-TS segment, then the next one due each 1/`per_second` s, up to `duration` s.

    Frames that no other refers to are not decoded: their neighbours are near enough to look at. A damaged packet costs
    its frames only. Raises Poison where there is nothing to look at at all.
    """
    try:
        # The format is named, so that no content can make FFmpeg take it for a playlist and open addresses.
        container = av.open(io.BytesIO(data), "r", format="mpegts")
    except av.error.FFmpegError as error:
        raise Poison(f"the segment is no MPEG-TS: {error.strerror}") from None
    with container:
        if not container.streams.video:
            raise Poison("the segment has no video")
        video = container.streams.video[0]
        video.codec_context.thread_count = 1  # other segments use the other cores
        video.codec_context.skip_frame = "NONREF"
        due, first = 0.0, None
        for frame in _frames(container, video):
            if frame.pts is None or frame.time_base is None:
                continue
            first = frame.pts if first is None else first
            offset = float((frame.pts - first) * frame.time_base)
            if offset < due:
                continue
            yield Look(offset, frame)
            # The next point of a fixed grid, so that a redelivered segment is looked at in the same places.
            due = (int(offset * per_second + 1e-6) + 1) / per_second
            if due >= duration:
                return
        if first is None:
            raise Poison("no frame of the segment's video can be decoded")


def _frames(container: InputContainer, video: av.VideoStream) -> Iterator[av.VideoFrame]:
    for packet in container.demux(video):
        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            continue
        yield from (frame for frame in frames if not frame.is_corrupt)
