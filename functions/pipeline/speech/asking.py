"""What requests to Speech-to-Text have in common: a call's and a batch's."""

from __future__ import annotations

from google.cloud.speech_v2.types import ExplicitDecodingConfig

from ..domain.settings import Common, load
from .settings import transcription
from .sound_store import RATE


def recognizer() -> str:
    """The name of the recognizer without settings of its own, in the project and the location of the settings."""
    settings = transcription()
    return f"projects/{settings.project or load(Common).project}/locations/{settings.location}/recognizers/_"


def coding() -> ExplicitDecodingConfig:
    """The coding of all sound that is sent: LINEAR16 at RATE, one channel."""
    return ExplicitDecodingConfig(
        encoding=ExplicitDecodingConfig.AudioEncoding.LINEAR16, sample_rate_hertz=RATE, audio_channel_count=1
    )
