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

ALL = RecognitionFeatures(enable_word_time_offsets=True, enable_word_confidence=True)


def heard(
    client: speech_v2.SpeechClient, content: bytes, features: RecognitionFeatures = ALL, channels: int = 1
) -> RecognizeResponse:
    coded = ExplicitDecodingConfig(
        encoding=ExplicitDecodingConfig.AudioEncoding.LINEAR16, sample_rate_hertz=16000, audio_channel_count=channels
    )
    config = RecognitionConfig(
        explicit_decoding_config=coded, language_codes=["en-US"], model="long", features=features
    )  # fmt: skip
    recognizer = "projects/test-project/locations/global/recognizers/_"
    return client.recognize(request={"recognizer": recognizer, "config": config, "content": content}, retry=None)


def words(response: RecognizeResponse) -> list[Word]:
    return [
        Word(one.word, one.start_offset.total_seconds(), one.end_offset.total_seconds(), one.confidence)  # pyright: ignore[reportAttributeAccessIssue]
        for result in response.results
        for one in result.alternatives[0].words
    ]
