"""One call of Cloud Speech-to-Text v2: a few seconds of sound in, words with their times out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from google.api_core import exceptions as google
from google.cloud.speech_v2.types import (
    RecognitionConfig,
    RecognitionFeatures,
    RecognizeRequest,
    RecognizeResponse,
)

from ..cloud.clients import speech_client
from ..cloud.google_errors import meaning
from . import answers, asking
from .settings import transcription
from .sound import Samples
from .sound_store import RATE
from .words import Heard


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
        recognizer=asking.recognizer(),
        config=RecognitionConfig(
            explicit_decoding_config=asking.coding(),
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
    words = tuple(answers.heard(response.results, samples.size / RATE))
    return Recognised(words, answers.language(response.results), _billed(response, samples), took_ms)


def _billed(response: RecognizeResponse, samples: Samples) -> float:
    """Billed seconds as Google reports them, else each second that was begun."""
    return answers.seconds(response.metadata.total_billed_duration) or float(ceil(samples.size / RATE))
