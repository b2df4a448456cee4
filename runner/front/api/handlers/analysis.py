"""Analysis: the settings of all streams that have none of their own; get, change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.detection.settings import detection
from pipeline.documents import analysis_config
from pipeline.domain import shapes
from pipeline.domain.analysis import SAMPLING
from pipeline.domain.model import Kind
from pipeline.domain.providers import PROVIDERS
from pipeline.speech.settings import transcription

from ..models.requests import AnalysisChange
from ..requests import json_object, json_response, raw

if TYPE_CHECKING:
    from werkzeug import Request, Response


def get(request: Request) -> Response:
    """GET /config/analysis: `config` is what is set, `defaults` holds for the rest, `limits` are least and most."""
    limits = {name: list(between) for name, between in SAMPLING.items()}
    return json_response(
        {"config": analysis_config.load().settings.fields(), "defaults": _defaults(), "limits": limits}
    )


def change(request: Request) -> Response:
    """PATCH /config/analysis, a merge patch (RFC 7396): objects are merged, null takes away. In force in seconds."""
    patch = json_object(raw(request))
    shapes.read(patch, AnalysisChange)
    stored = analysis_config.load()
    settings = analysis_config.merged(stored.settings, patch)
    analysis_config.save(analysis_config.Stored(settings, stored.version))
    return json_response({"config": settings.fields()})


def _defaults() -> dict[str, Any]:
    """The deployment's own settings, in the shape of `config`."""
    from pipeline.sampling.settings import sampling  # brings FFmpeg and OpenCV: loaded when asked for

    looking, process = detection(), sampling()
    policy = process.policy({})
    return {
        "kinds": list(looking.kinds),
        "providers": {
            kind.value: [name for name in looking.providers if kind in PROVIDERS[name].kinds] for kind in Kind
        },
        "threshold": {kind.value: looking.threshold for kind in Kind},
        "brands": [],
        "sampling": {
            "looks_per_second": process.looks_per_second,
            "minimum_interval": policy.minimum,
            "maximum_interval": policy.maximum,
            "follow_interval": policy.follow,
            "change": policy.change,
            "calls_per_hour": policy.calls_per_hour,
        },
        "speech": {"enabled": transcription().enabled, "languages": list(transcription().languages)},
    }
