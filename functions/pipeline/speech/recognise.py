"""One call of Cloud Speech-to-Text v2: a few seconds of sound in, words with their times out."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from google.api_core import exceptions as google
from google.cloud.speech_v2.types import (
    ExplicitDecodingConfig,
    RecognitionConfig,
    RecognitionFeatures,
    RecognizeRequest,
    RecognizeResponse,
)

from ..cloud.clients import speech_client
from ..cloud.google_errors import meaning
from ..domain.settings import Common, load
from .settings import transcription
from .sound import RATE, Samples
from .words import Heard

_ROUNDING = 0.1  # seconds: of a word's times


@dataclass(frozen=True, slots=True)
class Recognised:
    """Words, their language (None without words), the seconds that were billed, and the time that it took."""

    words: tuple[Heard, ...]
    language: str | None
    seconds: float
    took_ms: int


def recognise(samples: Samples, languages: Sequence[str]) -> Recognised:
    """Recognises the words. Raises Poison (never accepted: sound or settings), QuotaExceeded, Unavailable (later)."""
    settings = transcription()
    request = RecognizeRequest(
        recognizer=f"projects/{settings.project or load(Common).project}/locations/{settings.location}/recognizers/_",
        config=RecognitionConfig(
            explicit_decoding_config=ExplicitDecodingConfig(
                encoding=ExplicitDecodingConfig.AudioEncoding.LINEAR16, sample_rate_hertz=RATE, audio_channel_count=1
            ),
            language_codes=list(languages),
            model=settings.model,
            features=RecognitionFeatures(enable_word_time_offsets=True, enable_word_confidence=True),
        ),
        content=samples.astype("<i2").tobytes(),
    )
    started = time.monotonic()
    try:
        # Pub/Sub tries again later, so the client's own retries are off.
        response = speech_client(settings.location).recognize(request, retry=None, timeout=settings.timeout)
    except google.GoogleAPICallError as error:
        code = error.grpc_status_code.value[0] if error.grpc_status_code else 0
        raise meaning(code, "Speech-to-Text", error.message or type(error).__name__) from error
    took_ms = round((time.monotonic() - started) * 1000)
    language = next((one.language_code for one in response.results if one.alternatives), None)
    return Recognised(tuple(_words(response, samples.size / RATE)), language, _billed(response, samples), took_ms)


def _words(response: RecognizeResponse, length: float) -> Iterator[Heard]:
    """Words of the likeliest alternative, without those whose times lie outside of the sound, which does occur."""
    for result in response.results:
        for word in result.alternatives[0].words if result.alternatives else ():
            start, end = _seconds(word.start_offset), _seconds(word.end_offset)
            if start <= end <= length + _ROUNDING:
                yield Heard(word.word, start, end, round(word.confidence, 3) or None)  # 0 means unknown


def _billed(response: RecognizeResponse, samples: Samples) -> float:
    """Billed seconds as Google reports them, else each second that was begun."""
    return _seconds(response.metadata.total_billed_duration) or float(ceil(samples.size / RATE))


def _seconds(duration: object) -> float:
    """Seconds of a Duration, which the library turns into a timedelta, or None if it was not sent."""
    return duration.total_seconds() if isinstance(duration, timedelta) else 0.0
