"""Quotas: how much a tenant may upload and import, and how much of that is used."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import UNSET

from pipeline.documents import imports
from pipeline.documents.control import quotas as store
from pipeline.domain import names
from pipeline.domain.settings import own_tenant

from ...people.caller import of
from ..models import responses
from ..models.people import QuotaChange
from ..requests import answer, json_fields

if TYPE_CHECKING:
    from werkzeug import Request, Response


def get(request: Request) -> Response:
    """Get the limits of the caller's tenant, and what is used of them.

    A day begins at midnight UTC. An upload counts with the size that was asked for, whether or not it is sent.
    """
    return answer(_shown(of(request).tenant or own_tenant()))


def change(request: Request) -> Response:
    """Change the limits of a tenant.

    For those who run the deployment: `tenant` names another one than their own.
    """
    given = json_fields(request, QuotaChange)
    tenant = names.check_tenant(given.tenant) if given.tenant is not None else own_tenant()
    named = {"upload_bytes_day": given.upload_bytes_day, "imports_at_once": given.imports_at_once}
    store.save(tenant, replace(store.of(tenant), **{name: most for name, most in named.items() if most is not UNSET}))
    return answer(_shown(tenant))


def _shown(tenant: str) -> responses.QuotaAnswer:
    now, quota = datetime.now(UTC), store.of(tenant)
    return responses.QuotaAnswer(
        tenant=tenant,
        limits=responses.QuotaLimits(upload_bytes_day=quota.upload_bytes_day, imports_at_once=quota.imports_at_once),
        used=responses.QuotaUse(
            upload_bytes_today=store.uploaded(tenant, now), imports_now=len(imports.running(tenant))
        ),
        day_ends=(store.day(now) + timedelta(days=1)).isoformat(),
    )
