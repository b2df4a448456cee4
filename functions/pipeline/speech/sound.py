"""Sound of a segment in the format of Speech-to-Text: one channel, 16 kHz, 16 bits."""

from __future__ import annotations

import io
from collections.abc import Iterator

import av
import av.error
import numpy as np
from av.container import InputContainer
from numpy.typing import NDArray

from ..domain.errors import Poison
from ..media.containers import open_container, packets
from .sound_store import RATE

Samples = NDArray[np.int16]

_TICKS = 90000  # a second, of MPEG-TS
_WRAP = 1 << 33  # its clock's
_SILENCE = 33  # of 32768: -60 dB


def sound(data: bytes, duration: float, before: bytes = b"", lead: float = 0.0) -> Samples | None:
    """`lead` seconds of the segment `before`, then `duration` seconds of the segment `data`, from its keyframe on.

    None if it has no sound. Missing parts are silence. Raises Poison for an invalid segment.
    """
    start = _first_picture(data)
    samples = np.zeros(round((lead + duration) * RATE), np.int16)
    # One decoder for both, in one go: a segment's first sound needs the packet before it.
    with _opened(before + data) as container:
        if not container.streams.audio:
            return None
        for at, heard in _resampled(_frames(container, start)):
            first = round((at + lead) * RATE)
            head, tail = max(0, -first), max(0, min(heard.size, samples.size - first))
            if head < tail:
                samples[first + head : first + tail] = heard[head:tail]
    return samples


def is_silent(samples: Samples) -> bool:
    """True if the sound is too quiet to hold speech: it is not worth a call."""
    return int(np.abs(samples.astype(np.int32)).max(initial=0)) < _SILENCE


def _opened(data: bytes) -> InputContainer:
    try:
        return open_container(io.BytesIO(data), "mpegts")
    except av.error.FFmpegError as error:
        raise Poison(f"the segment is not MPEG-TS: {error.strerror}") from None


def _first_picture(data: bytes) -> int:
    """The time of a segment's keyframe, in ticks: where its media time begins."""
    with _opened(data) as container:
        if not container.streams.video:
            raise Poison("the segment has no video")
        for packet in packets(container, container.streams.video[0]):
            if packet.pts is not None:
                return packet.pts
    raise Poison("the segment's video has no times")


def _frames(container: InputContainer, start: int) -> Iterator[av.AudioFrame]:
    """Decoded sound, timed from `start`. A damaged packet costs its frames only."""
    for packet in packets(container, container.streams.audio[0]):
        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            continue
        for frame in frames:
            if frame.pts is not None and frame.time_base:
                # The clock may have restarted between the two segments.
                ticks = round(frame.pts * frame.time_base * _TICKS) - start
                frame.pts = round(((ticks + _WRAP // 2) % _WRAP - _WRAP // 2) / _TICKS / frame.time_base)
                yield frame


def _resampled(frames: Iterator[av.AudioFrame]) -> Iterator[tuple[float, Samples]]:
    """Sound at RATE with the second at which it begins. A change of the source's format restarts the resampler."""
    resampler, shape = None, None
    for frame in frames:
        if resampler is None or shape != (frame.format.name, frame.layout.name, frame.sample_rate, frame.time_base):
            resampler = av.AudioResampler("s16", "mono", RATE)
            shape = (frame.format.name, frame.layout.name, frame.sample_rate, frame.time_base)
        try:
            resampled = resampler.resample(frame)
        except av.error.FFmpegError:  # damage can give it impossible formats: 42 channels without a place
            resampler = None
            continue
        for out in resampled:
            if out.pts is not None and out.time_base:
                yield float(out.pts * out.time_base), np.asarray(out.to_ndarray(), np.int16).reshape(-1)
