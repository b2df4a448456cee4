"""Quotas: the limits of tenants and of streams, how much of them is used, and what the day will cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import UNSET, Struct

from pipeline.documents import imports, streams
from pipeline.documents.control import quotas as store
from pipeline.documents.quota import allowances, use
from pipeline.documents.quota.spending import spending
from pipeline.domain import names
from pipeline.domain.errors import Forbidden, LimitReached
from pipeline.domain.model import Stream, StreamState
from pipeline.domain.people import Role
from pipeline.domain.quotas import WARNED, Quota, StreamQuota, Use, day, next_day, of_streams, of_tenants
from pipeline.domain.settings import own_tenant
from pipeline.reports.forecast import WINDOW, forecast

from ...people.caller import of
from ..models import people_answers
from ..models.parameters import OfTenant
from ..models.people import QuotaChange, StreamQuotaChange
from ..requests import answer, json_fields, query

if TYPE_CHECKING:
    from werkzeug import Request, Response

Q = TypeVar("Q", Quota, StreamQuota)

_ON_AIR = (StreamState.CONNECTING, StreamState.LIVE, StreamState.RECONNECTING)


def get(request: Request) -> Response:
    """Get the limits of a tenant, and what is used of them.

    A day begins at midnight UTC. An upload counts with the size that was asked for, whether or not it is sent. Admins
    of the deployment's own tenant may name another tenant.
    """
    caller, asked, own = of(request), query(request, OfTenant), own_tenant()
    tenant = caller.tenant or own if asked.tenant is UNSET else names.check_tenant(asked.tenant)
    if tenant != (caller.tenant or own) and not caller.reaches(Role.ADMIN, own):
        raise Forbidden(f"'tenant' is for the role admin of the tenant {own!r}, which runs the deployment")
    return answer(_shown(tenant))


def change(request: Request) -> Response:
    """Change the limits of a tenant.

    For those who run the deployment: `tenant` names another one than their own.
    """
    given = json_fields(request, QuotaChange)
    tenant = names.check_tenant(given.tenant) if given.tenant is not None else own_tenant()
    store.save(tenant, _changed(store.of(tenant), given, of_tenants()))
    return answer(_shown(tenant))


def of_stream(request: Request, stream: str) -> Response:
    """Get the limits of a stream, what is used of them today, and what the day will cost.

    The forecast is for a stream on air: at the pace of the last quarter of an hour.
    """
    return answer(_shown_stream(streams.get(names.check_stream(stream))))


def change_of_stream(request: Request, stream: str) -> Response:
    """Change the limits of a stream, within those of its tenant."""
    given = json_fields(request, StreamQuotaChange)
    found = streams.get(names.check_stream(stream))
    store.save_stream(stream, found.tenant, _changed(store.of_stream(stream, found.tenant), given, of_streams()))
    return answer(_shown_stream(found))


def _changed(quota: Q, given: Struct, usual: Q) -> Q:
    """`quota` with the limits that `given` names; null is the deployment's own."""
    named: Mapping[str, Any] = {name: getattr(given, name) for name in asdict(quota)}
    fields = {name: getattr(usual, name) if most is None else most for name, most in named.items() if most is not UNSET}
    return replace(quota, **fields)


def _shown(tenant: str) -> people_answers.QuotaAnswer:
    now, quota = datetime.now(UTC), store.of(tenant)
    used = use.of(use.tenant(tenant), day(now)) + allowances.removed(tenant, now)
    return people_answers.QuotaAnswer(
        tenant=tenant,
        limits=people_answers.QuotaLimits(**asdict(quota)),
        used=people_answers.QuotaUse(
            media_seconds_today=used.media_seconds,
            media_bytes_today=used.media_bytes,
            stored_bytes=use.kept(tenant, now),
            upload_bytes_today=store.uploaded(tenant, now),
            imports_now=len(imports.running(tenant)),
            frames_today=used.frames,
            usd_today=round(used.usd, 6),
        ),
        day_ends=next_day(now).isoformat(),
    )


def _shown_stream(stream: Stream) -> people_answers.StreamQuotaAnswer:
    now, quota = datetime.now(UTC), store.of_stream(stream.id, stream.tenant)
    used = use.of(use.stream(stream.id), day(now))
    return people_answers.StreamQuotaAnswer(
        stream=stream.id,
        tenant=stream.tenant,
        limits=people_answers.StreamQuotaLimits(**asdict(quota)),
        used=people_answers.StreamQuotaUse(
            media_seconds_today=used.media_seconds, frames_today=used.frames, usd_today=round(used.usd, 6)
        ),
        warned_from=WARNED,
        reached=_reached(stream),
        forecast=_forecast(stream, quota, used, now) if stream.state in _ON_AIR else None,
        day_ends=next_day(now).isoformat(),
    )


def _reached(stream: Stream) -> list[str]:
    """What is used up, of the stream or of its tenant, in words."""
    found: list[str] = []
    for check in (store.check_media, spending.check):
        try:
            check(stream.id, stream.tenant)
        except LimitReached as error:
            found.append(str(error))
    return found


def _forecast(stream: Stream, quota: StreamQuota, used: Use, now: datetime) -> people_answers.Forecast:
    owner, since = use.stream(stream.id), max(day(now), now - WINDOW)
    lately = use.paid(owner, since)[1]
    if lately >= used.usd:  # all of the day's: since its first frame
        since = use.first_paid(owner, since) or since
    found = forecast(used.usd, lately, since, quota.usd_day, now, next_day(now))
    return people_answers.Forecast(
        usd_per_hour=round(found.usd_per_hour, 6),
        usd_day=round(found.usd_day, 6),
        budget_at=found.budget_at.isoformat() if found.budget_at else None,
    )
