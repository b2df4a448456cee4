"""BatchRecognize of Cloud Speech-to-Text v2: a recording in Cloud Storage in, words with punctuation out, later.

https://cloud.google.com/speech-to-text/docs/batch-recognize
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from google.api_core import exceptions as google
from google.cloud.speech_v2.types import (
    BatchRecognizeFileMetadata,
    BatchRecognizeFileResult,
    BatchRecognizeRequest,
    BatchRecognizeResponse,
    InlineOutputConfig,
    RecognitionConfig,
    RecognitionFeatures,
    RecognitionOutputConfig,
    SpeakerDiarizationConfig,
)

from ..cloud.clients import speech_client
from ..cloud.google_errors import meaning
from ..domain.errors import MediaAnalyzerError
from . import answers, asking
from .settings import transcription
from .words import Heard

LONGEST = 3600.0
"""Seconds of one recording. Google takes eight hours; a shorter one is sooner done and its answer smaller."""
_SERVICE = "Speech-to-Text"


@dataclass(frozen=True, slots=True)
class Transcribed:
    """Words of a recording, their language (None without words), and the seconds that were billed (0: not said)."""

    words: tuple[Heard, ...]
    language: str | None
    seconds: float


def start(uri: str, languages: Sequence[str]) -> str:
    """Starts the recognition of a recording (`uri`: gs://…), and returns the name of its operation.

    Raises Poison (never accepted: sound or settings), QuotaExceeded, Unavailable (later).
    """
    settings = transcription()
    request = BatchRecognizeRequest(
        recognizer=asking.recognizer(),
        config=RecognitionConfig(
            explicit_decoding_config=asking.coding(),
            language_codes=list(languages),
            model=settings.final_model,
            features=RecognitionFeatures(
                enable_word_time_offsets=True,
                enable_word_confidence=True,
                enable_automatic_punctuation=True,
                diarization_config=SpeakerDiarizationConfig() if settings.speakers else None,
            ),
        ),
        files=[BatchRecognizeFileMetadata(uri=uri)],
        recognition_output_config=RecognitionOutputConfig(inline_response_config=InlineOutputConfig()),
    )
    try:
        operation = speech_client(settings.location).batch_recognize(request, retry=None, timeout=settings.timeout)
    except google.GoogleAPICallError as error:
        raise _meaning(error) from error
    return str(operation.operation.name)


def outcome(operation: str, seconds: float) -> Transcribed | MediaAnalyzerError | None:
    """What has become of an operation that hears a recording of `seconds`; None while it is at work.

    An operation that Google does not know has failed. Raises QuotaExceeded, Unavailable: Google does not say.
    """
    settings = transcription()
    try:
        found = speech_client(settings.location).get_operation(
            {"name": operation}, retry=None, timeout=settings.timeout
        )
    except google.NotFound as error:
        return _meaning(error)
    except google.GoogleAPICallError as error:
        raise _meaning(error) from error
    if not found.done:
        return None
    if found.HasField("error"):
        return meaning(found.error.code, _SERVICE, found.error.message)
    response = BatchRecognizeResponse.pb()()
    found.response.Unpack(response)
    [result] = BatchRecognizeResponse.wrap(response).results.values()
    if result.error.code:
        return meaning(result.error.code, _SERVICE, result.error.message)
    return _transcribed(result, seconds)


def _transcribed(result: BatchRecognizeFileResult, length: float) -> Transcribed:
    results = result.inline_result.transcript.results
    billed = answers.seconds(result.metadata.total_billed_duration)
    return Transcribed(tuple(answers.heard(results, length)), answers.language(results), billed)


def _meaning(error: google.GoogleAPICallError) -> MediaAnalyzerError:
    code = error.grpc_status_code.value[0] if error.grpc_status_code else 0
    return meaning(code, _SERVICE, error.message or type(error).__name__)
