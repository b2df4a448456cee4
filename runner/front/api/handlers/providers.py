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
from pipeline.domain.providers import PROVIDERS, Called, ProviderState, called
from pipeline.domain.settings import own_tenant

from ...people.caller import of
from ..models import analysis_answers, body
from ..requests import answer

if TYPE_CHECKING:
    from werkzeug import Request, Response

    from pipeline.domain.model import AnalysisSettings

_SEEN = ("state", "model", "device", "queue", "last_error", "last_error_at", "updated")


def list_all(request: Request) -> Response:
    """List providers of detections, with the status that their last caller observed.

    Those of the deployment, then those that its configuration adds. `place` and `last_error` are for those who run the
    deployment.
    """
    settings = analysis_config.load().settings
    names = (*PROVIDERS, *settings.own_providers)
    seen = provider_status.get_all(names)
    shown = [_shown(one, seen.get(one.name, {})) for name in names if (one := _called(name, settings))]
    if not of(request).reaches(Role.OPERATOR, own_tenant()):
        shown = [replace(one, place=None, last_error=None) for one in shown]
    return answer(analysis_answers.ProviderList(providers=shown))


def info(request: Request, provider: str) -> Response:
    """Get a provider.

    A provider that is a service is asked for its model and device now.
    """
    one = _known(provider)
    shown = _seen(one)
    if one.remote and one.endpoint:
        shown = _asked(shown, one)
    return answer(analysis_answers.ProviderAnswer(provider=shown))


def health(request: Request, provider: str) -> Response:
    """Tell whether a provider can be called.

    503: it does not answer, runs another model than the configuration wants, or is left alone after failures.
    """
    one = _known(provider)
    shown = _seen(one)
    if one.remote:
        if not one.endpoint:
            raise Unavailable(f"the address of {provider} is not set: set 'places.{provider}' in /config/analysis")
        runs = _asked(shown, one).model
        if one.model not in ("", runs):
            raise Unavailable(f"{provider} runs {runs}, and the configuration wants {one.model}")
    elif shown.state in (ProviderState.OPEN, ProviderState.PROBING):
        raise Unavailable(f"{provider} failed too often and is left alone for now: {shown.last_error}")
    return answer(body.Status(status="ok"))


def _known(provider: str) -> Called:
    settings = analysis_config.load().settings
    one = _called(provider, settings)
    if one is None:
        there = ", ".join((*PROVIDERS, *settings.own_providers))
        raise NotFound(f"unknown provider {provider[:80]!r}: expected one of {there}")
    return one


def _called(name: str, settings: AnalysisSettings) -> Called | None:
    return called(name, settings, detection().endpoint(name))


def _seen(one: Called) -> analysis_answers.Provider:
    return _shown(one, provider_status.get_all((one.name,)).get(one.name, {}))


def _asked(shown: analysis_answers.Provider, one: Called) -> analysis_answers.Provider:
    """`shown`, with what its service says of itself."""
    from pipeline.detection.service.client import fetch_info  # its client is loaded where it is used

    said = fetch_info(one)
    return replace(shown, model=said.model, device=said.device, queue=said.queue)


def _shown(one: Called, seen: Mapping[str, Any]) -> analysis_answers.Provider:
    fields: dict[str, Any] = {field: seen.get(field) for field in _SEEN}
    fields |= {field: value.isoformat() for field, value in fields.items() if isinstance(value, datetime)}
    return analysis_answers.Provider(
        name=one.name,
        type=one.type,
        own=one.name not in PROVIDERS,
        kinds=sorted(one.kinds),
        place=one.endpoint or None,
        has_key=bool(one.key),
        **fields,
    )
