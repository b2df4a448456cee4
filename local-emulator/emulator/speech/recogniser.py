"""pocketsphinx, with the US English model that comes with it: words with their times."""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass
from threading import Lock
from typing import Any

RATE = 16000
"""Samples a second that the model was made for."""
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


class Recogniser:
    """One decoder, which hears one thing at a time: who comes meanwhile waits. Called from several threads."""

    def __init__(self) -> None:
        self._decoder: Any = None
        self._lock = Lock()

    def hear(self, samples: bytes) -> list[Heard]:
        """The words in `samples` (16 bits, one channel, RATE). The first call loads the model."""
        if max(map(abs, array("h", samples)), default=0) < _SILENCE:
            return []  # levelled, nothing at all becomes a word
        with self._lock:
            decoder = self._decoder = self._decoder or _loaded()
            # So that what was heard before changes nothing: what is taken for noise begins anew (said to be unnecessary
            # now, but without it results differ from call to call), and the sound is levelled as a whole.
            decoder.start_stream()
            decoder.start_utt()
            decoder.process_raw(samples, no_search=False, full_utt=True)
            decoder.end_utt()
            return [_heard(one) for one in decoder.seg() or () if _is_word(one.word)]

    def close(self) -> None:
        """Waits for what is being heard, and lets go of the model."""
        with self._lock:
            self._decoder = None


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
