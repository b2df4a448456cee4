"""How streams are analysed unless they say otherwise: get, change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..store import config
from . import body

if TYPE_CHECKING:
    from werkzeug import Request, Response

_FIELDS = ("kinds", "providers", "threshold", "brands", "sampling", "places", "speech")


def get(request: Request) -> Response:
    """GET /config/analysis"""
    return body.answer({"config": config.load().settings.fields()})


def change(request: Request) -> Response:
    """PATCH /config/analysis, a merge patch (RFC 7396): objects are merged, null takes away. In force in seconds."""
    patch = body.fields(request, *_FIELDS)
    stored = config.load()
    settings = config.merged(stored.settings, patch)
    config.save(config.Stored(settings, stored.version))
    return body.answer({"config": settings.fields()})
