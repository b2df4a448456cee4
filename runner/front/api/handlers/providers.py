"""Providers of detections: their names, status and models."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from pipeline.detection.settings import detection
from pipeline.documents import analysis_config, provider_status
from pipeline.domain.errors import NotFound, Unavailable
from pipeline.domain.people import Role
from pipeline.domain.providers import PROVIDERS, Provider, ProviderState
from pipeline.domain.settings import own_tenant

from ...people.caller import of
from ..models import analysis_answers, body
from ..requests import answer

if TYPE_CHECKING:
    from werkzeug import Request, Response

_SEEN = ("state", "model", "device", "queue", "last_error", "last_error_at", "updated")


def list_all(request: Request) -> Response:
    """List providers of detections, with the status that their last caller observed.

    `place` and `last_error` are for those who run the deployment.
    """
    seen, places = provider_status.get_all(PROVIDERS), _places()
    shown = [_shown(name, one, seen.get(name, {}), places) for name, one in PROVIDERS.items()]
    if not of(request).reaches(Role.OPERATOR, own_tenant()):
        shown = [replace(one, place=None, last_error=None) for one in shown]
    return answer(analysis_answers.ProviderList(providers=shown))


def info(request: Request, provider: str) -> Response:
    """Get a provider.

    A provider that is a service is asked for its model and device now.
    """
    shown = _known(provider)
    if PROVIDERS[provider].remote and shown.place:
        shown = _asked(shown, shown.place)
    return answer(analysis_answers.ProviderAnswer(provider=shown))


def health(request: Request, provider: str) -> Response:
    """Tell whether a provider can be called.

    503: it does not answer, or is left alone after failures.
    """
    shown = _known(provider)
    if PROVIDERS[provider].remote:
        if not shown.place:
            raise Unavailable(f"the address of {provider} is not set: set 'places.{provider}' in /config/analysis")
        _asked(shown, shown.place)
    elif shown.state in (ProviderState.OPEN, ProviderState.PROBING):
        raise Unavailable(f"{provider} failed too often and is left alone for now: {shown.last_error}")
    return answer(body.Status(status="ok"))


def _known(provider: str) -> analysis_answers.Provider:
    if provider not in PROVIDERS:
        raise NotFound(f"unknown provider {provider[:80]!r}: expected one of {', '.join(PROVIDERS)}")
    return _shown(provider, PROVIDERS[provider], provider_status.get_all((provider,)).get(provider, {}), _places())


def _places() -> Mapping[str, str]:
    said = analysis_config.load().settings.endpoints
    return {name: place for name in PROVIDERS if (place := said.get(name) or detection().endpoint(name))}


def _asked(shown: analysis_answers.Provider, place: str) -> analysis_answers.Provider:
    """`shown`, with what its service says of itself."""
    from pipeline.detection.clip import fetch_info  # its client is loaded where it is used

    said = fetch_info(place)
    return replace(shown, model=said.model, device=said.device, queue=said.queue)


def _shown(
    name: str, provider: Provider, seen: Mapping[str, Any], places: Mapping[str, str]
) -> analysis_answers.Provider:
    fields: dict[str, Any] = {field: seen.get(field) for field in _SEEN}
    fields |= {field: value.isoformat() for field, value in fields.items() if isinstance(value, datetime)}
    return analysis_answers.Provider(name=name, kinds=sorted(provider.kinds), place=places.get(name), **fields)
