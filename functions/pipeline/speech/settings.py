"""Settings of `transcribe`: the defaults of `config/analysis` and of streams."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ..domain import analysis
from ..domain.errors import BadRequest
from ..domain.model import SpeechSettings
from ..domain.settings import load, setting


@dataclass(frozen=True, slots=True)
class Transcription:
    """The deployment's defaults, and how Speech-to-Text is called."""

    enabled: bool = setting(
        "SPEECH",
        "speech is transcribed, unless `config/analysis` or a stream says otherwise",
        False,
    )
    languages: tuple[str, ...] = setting(
        "SPEECH_LANGUAGES",
        "languages that are spoken, separated by commas, four at most",
        ("en-US",),
    )
    location: str = setting(
        "SPEECH_LOCATION",
        "location where Speech-to-Text works on sound: `global` (anywhere), `eu`, `us` or a region; not every "
        "model is everywhere",
        "global",
    )
    project: str = setting(
        "SPEECH_PROJECT",
        "project that Speech-to-Text is called in, if it is not the deployment's own; a local stack with "
        "`SPEECH=cloud` sets it",
        "",
    )
    model: str = setting("SPEECH_MODEL", "model of Speech-to-Text: `short`, `long`, `chirp_2`, …", "short")
    overlap: float = setting(
        "SPEECH_OVERLAP",
        "seconds of the segment before that are heard again, and billed again: see "
        "[transcripts](contracts.md#transcripts)",
        1.0,
    )
    final: bool = setting(
        "SPEECH_FINAL",
        "once a session has ended, all its sound is heard once more, in one go, and billed once more; see "
        "[transcripts](contracts.md#transcripts)",
        True,
    )
    final_model: str = setting("SPEECH_FINAL_MODEL", "model of Speech-to-Text for whole sessions", "long")
    speakers: bool = setting(
        "SPEECH_SPEAKERS",
        "final transcripts tell speakers apart; `SPEECH_FINAL_MODEL` must be a model that can, such as `chirp_3`",
        False,
    )
    timeout: float = setting("SPEECH_TIMEOUT", "seconds that Speech-to-Text may take over a segment", 20.0)


@cache
def transcription() -> Transcription:
    """The settings of this process. Raises ValueError if one is wrong."""
    own = load(Transcription)
    try:
        analysis.speech({"languages": list(own.languages)}, "SPEECH")
    except BadRequest as error:
        raise ValueError(f"SPEECH_LANGUAGES={','.join(own.languages)}: {error}") from None
    if not 0 <= own.overlap <= 10:
        raise ValueError(f"SPEECH_OVERLAP={own.overlap:g} must be 0 to 10 seconds")
    return own


def languages(settings: SpeechSettings) -> tuple[str, ...]:
    """Languages that a stream with the settings `settings` is transcribed in; empty: it is not transcribed."""
    enabled = transcription().enabled if settings.enabled is None else settings.enabled
    return (settings.languages or transcription().languages) if enabled else ()
