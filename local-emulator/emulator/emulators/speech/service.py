"""Recognize: what is checked, in which order, and what is answered. `batches` checks and answers in the same way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
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
    *("profanity_filter", "enable_spoken_punctuation", "enable_spoken_emojis"),
    *("multi_channel_mode", "diarization_config"),
)
_PAUSE = 0.5  # seconds of silence that end a sentence
_LINEAR16 = ExplicitDecodingConfig.AudioEncoding.LINEAR16


def recognize(recogniser: Recogniser, request: Any) -> Any:
    """Answers the raw message. Raises CallError."""
    where = location(request.recognizer)
    check(request.config, where)
    samples = _samples(request)
    try:
        heard = recogniser.hear(samples.tobytes())
    except BusyError:
        raise CallError(
            StatusCode.RESOURCE_EXHAUSTED, f"More than {MAX_CALLS} calls at a time are too many here."
        ) from None
    return _response(heard, samples.size / RATE, request.config.features)


def location(name: str) -> str:
    """The location in the name of a recognizer. Raises CallError."""
    found = _RECOGNIZER.fullmatch(name)
    if not found:
        raise _invalid(f"Invalid resource field value in the request: recognizer {name!r}.")
    if found[2] != "_":
        raise CallError(StatusCode.NOT_FOUND, f"Unable to find Recognizer {name}.")
    return found[1]


def check(config: Any, where: str) -> None:
    """Raises CallError for what Google would refuse in a config, and then for what is not done here."""
    if config.model not in MODELS:
        raise _invalid(f'The model "{config.model}" does not exist in the location named "{where}".')
    if not config.language_codes:
        raise _invalid("At least one language code is required.")
    for tag in config.language_codes:
        if not _TAG.fullmatch(tag):
            raise _invalid(
                f'The language "{tag}" is not supported by the model "{config.model}" in the location named "{where}".'
            )
    if not 0 <= config.features.max_alternatives <= 30:
        raise _invalid("max_alternatives must be 0 to 30.")
    others = [tag for tag in config.language_codes if tag.casefold() != LANGUAGE.casefold()]
    if others:
        raise refused(f"language {others[0]}", LANGUAGE)
    for feature in _REFUSED:
        if any(field.name == feature for field, _ in config.features.ListFields()):
            raise refused(feature)
    if config.HasField("adaptation"):
        raise refused("adaptation")


def coding(config: Any) -> int:
    """The number of channels of the sound that a config describes. Raises CallError."""
    if config.WhichOneof("decoding_config") == "auto_decoding_config":
        raise refused("auto_decoding_config", "explicit_decoding_config")
    coded = config.explicit_decoding_config
    if coded.encoding == 0 or not _RATES[0] <= coded.sample_rate_hertz <= _RATES[1]:
        raise _invalid("explicit_decoding_config needs an encoding and a sample_rate_hertz of 8000 to 48000.")
    if not 0 <= coded.audio_channel_count <= _CHANNELS:
        raise _invalid(f"audio_channel_count must be at most {_CHANNELS}.")
    if coded.encoding != _LINEAR16:
        raise refused(f"encoding {ExplicitDecodingConfig.AudioEncoding(coded.encoding).name}", "LINEAR16")
    if coded.sample_rate_hertz != RATE:
        raise refused(f"sample_rate_hertz {coded.sample_rate_hertz}", str(RATE))
    return coded.audio_channel_count or 1


def _samples(request: Any) -> np.ndarray[Any, np.dtype[np.int16]]:
    """The first channel of what was sent, as Google takes it where nothing is said of the others."""
    if request.uri:
        raise refused("uri", "content")
    if not request.content:
        raise _invalid("Either content or uri must be supplied.")
    if len(request.content) > MAX_AUDIO_BYTES:
        raise _invalid(f"Request payload size exceeds the limit: {MAX_AUDIO_BYTES} bytes.")
    channels = coding(request.config)
    whole = len(request.content) // (2 * channels)
    if whole / RATE > MAX_AUDIO_SECONDS:
        raise _invalid("Audio can be of a maximum of 60 seconds.")
    return np.frombuffer(request.content, "<i2", whole * channels)[::channels].astype(np.int16)


def _response(heard: Sequence[Heard], seconds: float, features: Any) -> Any:
    response = RecognizeResponse.pb()()
    fill(response, heard, seconds, features)
    return response


def fill(response: Any, heard: Sequence[Heard], seconds: float, features: Any) -> None:
    """Writes words to `response`, a raw message with results and metadata, as `features` ask for them."""
    response.metadata.total_billed_duration.FromTimedelta(timedelta(seconds=ceil(seconds)))
    if not heard:
        return
    if features.enable_automatic_punctuation:
        heard = _punctuated(heard)
    result = response.results.add(language_code=LANGUAGE.lower(), result_end_offset=timedelta(seconds=seconds))
    sure = sum(one.confidence for one in heard) / len(heard)
    best = result.alternatives.add(transcript=" ".join(one.text for one in heard), confidence=sure)
    if not (features.enable_word_time_offsets or features.enable_word_confidence):
        return
    for one in heard:
        word = best.words.add(word=one.text)
        if features.enable_word_time_offsets:
            word.start_offset.FromTimedelta(timedelta(seconds=one.start))
            word.end_offset.FromTimedelta(timedelta(seconds=one.end))
        if features.enable_word_confidence:
            word.confidence = one.confidence


def _punctuated(heard: Sequence[Heard]) -> list[Heard]:
    """Words as sentences, which end at pauses: all that a recogniser without a model of language knows of them."""
    found: list[Heard] = []
    for index, one in enumerate(heard):
        first = index == 0 or one.start - heard[index - 1].end >= _PAUSE
        last = index == len(heard) - 1 or heard[index + 1].start - one.end >= _PAUSE
        text = f"{one.text[:1].upper()}{one.text[1:]}" if first else one.text
        found.append(replace(one, text=f"{text}." if last else text))
    return found


def _invalid(message: str) -> CallError:
    return CallError(StatusCode.INVALID_ARGUMENT, message)


def refused(what: str, instead: str = "") -> CallError:
    """The refusal of the parts of a request that Google supports and this emulator does not."""
    return CallError(StatusCode.UNIMPLEMENTED, f"{what} is not emulated{f'; this is: {instead}' if instead else ''}.")
