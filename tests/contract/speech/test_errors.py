"""What Google refuses is refused with its status, and what is not done here with UNIMPLEMENTED, by name."""

from __future__ import annotations

from typing import Any

import pytest
from google.api_core import exceptions
from google.cloud import speech_v2
from google.cloud.speech_v2.types import (
    AutoDetectDecodingConfig,
    ExplicitDecodingConfig,
    RecognitionConfig,
    RecognitionFeatures,
    SpeakerDiarizationConfig,
    SpeechAdaptation,
)
from tests.contract.speech.hearing import RECOGNIZER, coded

SECOND = bytes(2 * 16000)
ENCODINGS = ExplicitDecodingConfig.AudioEncoding


def recognize(client: speech_v2.SpeechClient, content: bytes = SECOND, **changes: Any) -> Any:
    fields = {"explicit_decoding_config": coded(), "language_codes": ["en-US"], "model": "short"} | changes
    if "auto_decoding_config" in fields:
        del fields["explicit_decoding_config"]
    request = {"recognizer": RECOGNIZER, "config": RecognitionConfig(**fields), "content": content}
    return client.recognize(request=request, retry=None, timeout=30)


def test_a_minute_is_taken_and_more_is_not(client: speech_v2.SpeechClient) -> None:
    assert recognize(client, SECOND * 60).metadata.total_billed_duration.total_seconds() == 60
    with pytest.raises(exceptions.InvalidArgument, match="Audio can be of a maximum of 60 seconds"):
        recognize(client, SECOND * 60 + bytes(2))


def test_ten_mebibytes_are_taken_and_more_are_not(client: speech_v2.SpeechClient) -> None:
    with pytest.raises(exceptions.InvalidArgument, match="payload size exceeds the limit: 10485760 bytes"):
        recognize(client, bytes(10_485_761))
    with pytest.raises(exceptions.InvalidArgument, match="60 seconds"):
        recognize(client, bytes(10_485_760))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"model": "huge"}, 'The model "huge" does not exist in the location named "global"'),
        ({"model": ""}, "does not exist"),
        ({"language_codes": []}, "language"),
        ({"language_codes": ["english!"]}, 'The language "english!" is not supported by the model "short"'),
        ({"explicit_decoding_config": coded(rate=4000)}, "sample_rate_hertz"),
        ({"explicit_decoding_config": coded(encoding=0)}, "encoding"),
        ({"explicit_decoding_config": coded(channels=9)}, "audio_channel_count"),
        ({"features": RecognitionFeatures(max_alternatives=31)}, "max_alternatives"),
        ({"content": b""}, "Either content or uri"),
    ],
)
def test_what_google_refuses_is_refused(client: speech_v2.SpeechClient, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(exceptions.InvalidArgument, match=words):
        recognize(client, **changes)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"language_codes": ["de-DE"]}, "language de-DE is not emulated; this is: en-US"),
        ({"language_codes": ["en-US", "fr-FR"]}, "fr-FR"),
        ({"explicit_decoding_config": coded(ENCODINGS.MULAW)}, "MULAW"),
        ({"explicit_decoding_config": coded(rate=48000)}, "48000"),
        ({"auto_decoding_config": AutoDetectDecodingConfig()}, "auto_decoding_config"),
        ({"features": RecognitionFeatures(diarization_config=SpeakerDiarizationConfig())}, "diarization_config"),
        ({"adaptation": SpeechAdaptation()}, "adaptation"),
    ],
)
def test_what_is_not_done_here_is_refused_by_name(
    client: speech_v2.SpeechClient, changes: dict[str, Any], name: str
) -> None:
    with pytest.raises(exceptions.MethodNotImplemented, match=name):
        recognize(client, **changes)


def test_an_address_is_not_fetched(client: speech_v2.SpeechClient) -> None:
    config = RecognitionConfig(explicit_decoding_config=coded(), language_codes=["en-US"], model="short")
    with pytest.raises(exceptions.MethodNotImplemented, match="uri"):
        client.recognize(request={"recognizer": RECOGNIZER, "config": config, "uri": "gs://b/o"}, retry=None)


def test_a_recognizer_that_is_none_or_that_nobody_made(client: speech_v2.SpeechClient) -> None:
    config = RecognitionConfig(explicit_decoding_config=coded(), language_codes=["en-US"], model="short")
    with pytest.raises(exceptions.InvalidArgument, match="recognizer"):
        client.recognize(request={"recognizer": "projects/p", "config": config, "content": SECOND}, retry=None)
    with pytest.raises(exceptions.NotFound, match="Unable to find Recognizer"):
        name = RECOGNIZER.removesuffix("_") + "mine"
        client.recognize(request={"recognizer": name, "config": config, "content": SECOND}, retry=None)


def test_other_calls_are_refused_by_name(client: speech_v2.SpeechClient) -> None:
    with pytest.raises(exceptions.MethodNotImplemented, match=r"google\.cloud\.speech\.v2\.Speech/ListRecognizers"):
        client.list_recognizers(parent="projects/p/locations/global", retry=None)
