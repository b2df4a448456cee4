"""pocketsphinx, with the US English model that comes with it: words with their times."""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, replace
from threading import Lock, Semaphore
from typing import Any

RATE = 16000
"""Samples a second that the model was made for."""
MAX_CALLS = 8
"""Calls that are heard or wait for it: at a second each, well within the time that `transcribe` gives them."""
_FRAMES = 100  # a second
_SILENCE = 33  # of 32768: -60 dB
_PRONUNCIATION = re.compile(r"\(\d+\)$")  # the(2)


@dataclass(frozen=True, slots=True)
class Heard:
    """`start` and `end` in seconds."""

    text: str
    start: float
    end: float
    confidence: float

    def later(self, seconds: float) -> Heard:
        """The same word in sound that begins so much earlier."""
        return replace(self, start=self.start + seconds, end=self.end + seconds)


class BusyError(Exception):
    """The queue is full."""


class Recogniser:
    """One decoder, which hears one recording at a time; up to `MAX_CALLS` callers wait. Called from several threads."""

    def __init__(self) -> None:
        self._decoder: Any = None
        self._lock = Lock()
        self._places = Semaphore(MAX_CALLS)

    def hear(self, samples: bytes) -> list[Heard]:
        """The words in `samples` (16 bits, one channel, RATE). The first call loads the model. Raises BusyError."""
        if max(map(abs, array("h", samples)), default=0) < _SILENCE:
            return []  # levelled, nothing at all becomes a word
        # A longer queue would outlast the callers' timeouts.
        if not self._places.acquire(blocking=False):
            raise BusyError
        try:
            with self._lock:
                return self._heard(samples)
        finally:
            self._places.release()

    def close(self) -> None:
        """Waits for what is being heard, and lets go of the model."""
        with self._lock:
            self._decoder = None

    def _heard(self, samples: bytes) -> list[Heard]:
        decoder = self._decoder = self._decoder or _loaded()
        # Results must not depend on earlier calls: the estimate of noise starts again (documented as unnecessary, but
        # without it results differ from call to call), and the sound is levelled as a whole.
        decoder.start_stream()
        decoder.start_utt()
        decoder.process_raw(samples, no_search=False, full_utt=True)
        decoder.end_utt()
        return [_heard(one) for one in decoder.seg() or () if _is_word(one.word)]


def _loaded() -> Any:
    from pocketsphinx import Decoder

    return Decoder(samprate=RATE, loglevel="FATAL")


def _is_word(text: str) -> bool:
    """Not silence, noise or breath."""
    return text[0] not in "<[+"


def _heard(segment: Any) -> Heard:
    # A posterior probability. Rounding takes it above 1; 0 would say that it is not known.
    sure = min(max(round(float(segment.prob), 4), 0.0001), 1.0)
    text = _PRONUNCIATION.sub("", segment.word)
    return Heard(text, segment.start_frame / _FRAMES, (segment.end_frame + 1) / _FRAMES, sure)
