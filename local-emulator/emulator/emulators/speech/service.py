"""Recognize: what is checked, in which order, and what is answered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from math import ceil
from typing import Any

import numpy as np
from google.cloud.speech_v2.types import ExplicitDecodingConfig, RecognizeResponse
from grpc import StatusCode

from ...rpc import CallError
from .recogniser import MAX_CALLS, RATE, BusyError, Heard, Recogniser

MAX_AUDIO_BYTES = 10_485_760  # bytes of inline sound, as Google's
MAX_AUDIO_SECONDS = 60.0  # seconds, likewise
LANGUAGE = "en-US"
MODELS = (
    *("long", "short", "telephony", "telephony_short", "latest_long", "latest_short"),
    *("medical_conversation", "medical_dictation", "chirp", "chirp_2", "chirp_3"),
)
"""Models that Google has. Here all of them are the same one."""

_RECOGNIZER = re.compile(r"projects/[^/]+/locations/([a-z0-9-]+)/recognizers/([^/]+)")
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_RATES = (8000, 48000)
_CHANNELS = 8
_REFUSED = (
    *("profanity_filter", "enable_automatic_punctuation", "enable_spoken_punctuation", "enable_spoken_emojis"),
    *("multi_channel_mode", "diarization_config"),
)
_LINEAR16 = ExplicitDecodingConfig.AudioEncoding.LINEAR16


def recognize(recogniser: Recogniser, request: Any) -> Any:
    """Answers the raw message. Raises CallError."""
    location = _location(request.recognizer)
    _check(request.config, location)
    samples = _samples(request)
    try:
        heard = recogniser.hear(samples.tobytes())
    except BusyError:
        raise CallError(
            StatusCode.RESOURCE_EXHAUSTED, f"More than {MAX_CALLS} calls at a time are too many here."
        ) from None
    return _response(heard, samples.size / RATE, request.config.features)


def _location(name: str) -> str:
    found = _RECOGNIZER.fullmatch(name)
    if not found:
        raise _invalid(f"Invalid resource field value in the request: recognizer {name!r}.")
    if found[2] != "_":
        raise CallError(StatusCode.NOT_FOUND, f"Unable to find Recognizer {name}.")
    return found[1]


def _check(config: Any, location: str) -> None:
    """Raises CallError for what Google would refuse, and then for what is not done here."""
    if config.model not in MODELS:
        raise _invalid(f'The model "{config.model}" does not exist in the location named "{location}".')
    if not config.language_codes:
        raise _invalid("At least one language code is required.")
    for tag in config.language_codes:
        if not _TAG.fullmatch(tag):
            where = f'by the model "{config.model}" in the location named "{location}"'
            raise _invalid(f'The language "{tag}" is not supported {where}.')
    if not 0 <= config.features.max_alternatives <= 30:
        raise _invalid("max_alternatives must be 0 to 30.")
    others = [tag for tag in config.language_codes if tag.casefold() != LANGUAGE.casefold()]
    if others:
        raise _missing(f"language {others[0]}", LANGUAGE)
    for feature in _REFUSED:
        if any(field.name == feature for field, _ in config.features.ListFields()):
            raise _missing(feature)
    if config.HasField("adaptation"):
        raise _missing("adaptation")


def _samples(request: Any) -> np.ndarray[Any, np.dtype[np.int16]]:
    """The first channel of what was sent, as Google takes it where nothing is said of the others."""
    if request.uri:
        raise _missing("uri", "content")
    if not request.content:
        raise _invalid("Either content or uri must be supplied.")
    if len(request.content) > MAX_AUDIO_BYTES:
        raise _invalid(f"Request payload size exceeds the limit: {MAX_AUDIO_BYTES} bytes.")
    if request.config.WhichOneof("decoding_config") == "auto_decoding_config":
        raise _missing("auto_decoding_config", "explicit_decoding_config")
    coded = request.config.explicit_decoding_config
    if coded.encoding == 0 or not _RATES[0] <= coded.sample_rate_hertz <= _RATES[1]:
        raise _invalid("explicit_decoding_config needs an encoding and a sample_rate_hertz of 8000 to 48000.")
    if not 0 <= coded.audio_channel_count <= _CHANNELS:
        raise _invalid(f"audio_channel_count must be at most {_CHANNELS}.")
    if coded.encoding != _LINEAR16:
        raise _missing(f"encoding {ExplicitDecodingConfig.AudioEncoding(coded.encoding).name}", "LINEAR16")
    if coded.sample_rate_hertz != RATE:
        raise _missing(f"sample_rate_hertz {coded.sample_rate_hertz}", str(RATE))
    channels = coded.audio_channel_count or 1
    whole = len(request.content) // (2 * channels)
    if whole / RATE > MAX_AUDIO_SECONDS:
        raise _invalid("Audio can be of a maximum of 60 seconds.")
    return np.frombuffer(request.content, "<i2", whole * channels)[::channels].astype(np.int16)


def _response(heard: Sequence[Heard], seconds: float, features: Any) -> Any:
    response = RecognizeResponse.pb()(metadata={"total_billed_duration": timedelta(seconds=ceil(seconds))})
    if not heard:
        return response
    result = response.results.add(language_code=LANGUAGE.lower(), result_end_offset=timedelta(seconds=seconds))
    sure = sum(one.confidence for one in heard) / len(heard)
    best = result.alternatives.add(transcript=" ".join(one.text for one in heard), confidence=sure)
    if not (features.enable_word_time_offsets or features.enable_word_confidence):
        return response
    for one in heard:
        word = best.words.add(word=one.text)
        if features.enable_word_time_offsets:
            word.start_offset.FromTimedelta(timedelta(seconds=one.start))
            word.end_offset.FromTimedelta(timedelta(seconds=one.end))
        if features.enable_word_confidence:
            word.confidence = one.confidence
    return response


def _invalid(message: str) -> CallError:
    return CallError(StatusCode.INVALID_ARGUMENT, message)


def _missing(what: str, instead: str = "") -> CallError:
    """The parts of a request that Google supports and this emulator does not."""
    return CallError(StatusCode.UNIMPLEMENTED, f"{what} is not emulated{f'; this is: {instead}' if instead else ''}.")
