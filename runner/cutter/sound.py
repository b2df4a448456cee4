"""The sound of a clip: stereo AAC at 48 kHz, silent where there is none."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.error import FFmpegError
from av.packet import Packet
from numpy.typing import NDArray

from .media import CLOCK

RATE = 48_000
_FRAME = 1024  # samples that AAC takes at a time
_NEAR = 32  # samples that two frames may lie apart and still follow each other: their times were rounded

Samples = NDArray[np.float32]


class Sound:
    """Samples by the time at which they are heard, in ticks of the clip."""

    def __init__(self, stream: AudioStream, mux: Callable[[Packet[AudioStream]], None]) -> None:
        """`stream`: made by `add_stream("aac", rate=RATE)`."""
        self._stream = stream
        self._mux = mux
        self._resampler = AudioResampler("fltp", "stereo", RATE)
        self._shape: object = None
        self._waiting: Samples = np.zeros((2, 0), np.float32)
        self._encoded = 0  # samples

    def add(self, frame: AudioFrame, at: int, begin: int, end: int) -> None:
        """Adds what of a frame that begins `at` lies between `begin` and `end`."""
        samples, first = self._samples(frame), _samples_of(at)
        heard = samples[:, : max(0, _samples_of(end) - first)]
        early = max(_samples_of(begin), self._position if first < self._position - _NEAR else 0) - first
        heard = heard[:, max(0, early) :]
        if heard.shape[1]:
            if first + max(0, early) > self._position + _NEAR:
                self._append(np.zeros((2, first + max(0, early) - self._position), np.float32))
            self._append(heard)

    def fill(self, end: int) -> None:
        """Silence up to a time."""
        self._append(np.zeros((2, max(0, _samples_of(end) - self._position)), np.float32))

    def close(self) -> None:
        """Encodes what is left."""
        self._encode(self._waiting)
        for packet in self._stream.encode(None):
            self._mux(packet)

    @property
    def _position(self) -> int:
        return self._encoded + self._waiting.shape[1]

    def _append(self, samples: Samples) -> None:
        self._waiting = np.concatenate([self._waiting, samples], axis=1)
        whole = self._waiting.shape[1] // _FRAME * _FRAME
        for first in range(0, whole, _FRAME):
            self._encode(self._waiting[:, first : first + _FRAME])
        self._waiting = self._waiting[:, whole:]

    def _encode(self, samples: Samples) -> None:
        if not samples.shape[1]:
            return
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout="stereo")
        frame.rate, frame.pts, frame.time_base = RATE, self._encoded, Fraction(1, RATE)
        self._encoded += samples.shape[1]
        for packet in self._stream.encode(frame):
            self._mux(packet)

    def _samples(self, frame: AudioFrame) -> Samples:
        """In the encoder's format. The source may change its own."""
        shape = frame.format.name, frame.layout.name, frame.sample_rate
        if shape != self._shape:
            self._resampler, self._shape = AudioResampler("fltp", "stereo", RATE), shape
        frame.pts = None  # the resampler would fill gaps
        try:
            found: list[Samples] = [np.asarray(one.to_ndarray(), np.float32) for one in self._resampler.resample(frame)]
        except FFmpegError:  # damaged: a layout that there is not
            self._shape = None
            return np.zeros((2, frame.samples), np.float32)
        return np.concatenate([np.zeros((2, 0), np.float32), *found], axis=1)


def _samples_of(ticks: int) -> int:
    return ticks * RATE // CLOCK
