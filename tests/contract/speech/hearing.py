"""What the Speech emulator hears, through Google's own client."""

from __future__ import annotations

from google.cloud import speech_v2
from google.cloud.speech_v2.types import (
    ExplicitDecodingConfig,
    RecognitionConfig,
    RecognitionFeatures,
    RecognizeResponse,
)

from pipeline.domain.model import Word

RECOGNIZER = "projects/test-project/locations/global/recognizers/_"
ENCODINGS = ExplicitDecodingConfig.AudioEncoding
ALL = RecognitionFeatures(enable_word_time_offsets=True, enable_word_confidence=True)


def coded(encoding: int = ENCODINGS.LINEAR16, rate: int = 16000, channels: int = 1) -> ExplicitDecodingConfig:
    return ExplicitDecodingConfig(encoding=encoding, sample_rate_hertz=rate, audio_channel_count=channels)


def heard(
    client: speech_v2.SpeechClient, content: bytes, features: RecognitionFeatures = ALL, channels: int = 1
) -> RecognizeResponse:
    config = RecognitionConfig(
        explicit_decoding_config=coded(channels=channels), language_codes=["en-US"], model="long", features=features
    )  # fmt: skip
    return client.recognize(request={"recognizer": RECOGNIZER, "config": config, "content": content}, retry=None)


def words(response: RecognizeResponse) -> list[Word]:
    return [
        Word(one.word, one.start_offset.total_seconds(), one.end_offset.total_seconds(), one.confidence)  # pyright: ignore[reportAttributeAccessIssue]
        for result in response.results
        for one in result.alternatives[0].words
    ]
