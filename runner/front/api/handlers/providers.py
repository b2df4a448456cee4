"""Providers of detections: their names, status and models."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pipeline.detection.settings import detection
from pipeline.documents import analysis_config, provider_status
from pipeline.domain.errors import NotFound, Unavailable
from pipeline.domain.providers import PROVIDERS, Provider

from ..requests import json_response

if TYPE_CHECKING:
    from werkzeug import Request, Response

_SEEN = ("state", "model", "device", "queue", "last_error", "last_error_at", "updated")


def list_all(request: Request) -> Response:
    """GET /providers: each with the status that its last caller observed."""
    seen, places = provider_status.get_all(PROVIDERS), _places()
    return json_response(
        {"providers": [_shown(name, one, seen.get(name, {}), places) for name, one in PROVIDERS.items()]}
    )


def info(request: Request, provider: str) -> Response:
    """GET /providers/{provider}/info: the same; of an HTTP service, its model and device as it reports them now."""
    shown = _known(provider)
    if PROVIDERS[provider].remote and shown["place"]:
        shown |= _asked(shown["place"])
    return json_response({"provider": shown})


def health(request: Request, provider: str) -> Response:
    """GET /providers/{provider}/health: 200 if it can be called, 503 if it is left alone or does not answer."""
    shown = _known(provider)
    if PROVIDERS[provider].remote:
        if not shown["place"]:
            raise Unavailable(f"the address of {provider} is not set: set 'places.{provider}' in /config/analysis")
        _asked(shown["place"])
    elif shown["state"] in ("open", "probing"):
        raise Unavailable(f"{provider} failed too often and is left alone for now: {shown['last_error']}")
    return json_response({"status": "ok"})


def _known(provider: str) -> dict[str, Any]:
    if provider not in PROVIDERS:
        raise NotFound(f"unknown provider {provider[:80]!r}: expected one of {', '.join(PROVIDERS)}")
    return _shown(provider, PROVIDERS[provider], provider_status.get_all((provider,)).get(provider, {}), _places())


def _places() -> Mapping[str, str]:
    said = analysis_config.load().settings.endpoints
    return {name: place for name in PROVIDERS if (place := said.get(name) or detection().endpoint(name))}


def _asked(place: str) -> dict[str, Any]:
    from pipeline.detection.clip import fetch_info  # its client is loaded where it is used

    said = fetch_info(place)
    return {"model": said.model, "device": said.device, "queue": said.queue}


def _shown(name: str, provider: Provider, seen: Mapping[str, Any], places: Mapping[str, str]) -> dict[str, Any]:
    fields = {field: seen.get(field) for field in _SEEN}
    times = {field: value.isoformat() for field, value in fields.items() if isinstance(value, datetime)}
    kinds = sorted(kind.value for kind in provider.kinds)
    return {"name": name, "kinds": kinds, "place": places.get(name)} | fields | times
