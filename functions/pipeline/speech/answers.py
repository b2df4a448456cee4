"""What the answers of Speech-to-Text have in common, to a call as to a batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from google.cloud.speech_v2.types import SpeechRecognitionResult

from .words import Heard

_ROUNDING = 0.1  # seconds: of a word's times


def heard(results: Iterable[SpeechRecognitionResult], length: float) -> Iterator[Heard]:
    """Words of the likeliest alternatives, without those whose times lie outside of `length` seconds of sound, which
    does occur."""
    for result in results:
        for word in result.alternatives[0].words if result.alternatives else ():
            start, end = seconds(word.start_offset), seconds(word.end_offset)
            if start <= end <= length + _ROUNDING:
                sure = round(word.confidence, 3) or None  # 0 means unknown
                yield Heard(word.word, start, end, sure, word.speaker_label or None)


def language(results: Iterable[SpeechRecognitionResult]) -> str | None:
    """The language that was heard; None without words."""
    return next((one.language_code for one in results if one.alternatives), None)


def seconds(duration: object) -> float:
    """Seconds of a Duration, which the library turns into a timedelta, or None if it was not sent."""
    return duration.total_seconds() if isinstance(duration, timedelta) else 0.0
