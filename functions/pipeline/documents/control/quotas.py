"""`quotas/{tenant}`: the limits of a tenant and of its streams, enforced where something begins; closed to browsers.

What is used is counted from the documents that say it anyway: see `documents/quota/use.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from google.cloud.firestore import FieldFilter

from ...cloud.clients import control_client, firestore_client
from ...domain import names
from ...domain.errors import BadRequest, UsedUp
from ...domain.quotas import Quota, StreamQuota, Use, clock, day, next_day, own, used_up
from ..quota import allowances, use
from . import audit

_HOUR = 3600.0


def of(tenant: str) -> Quota:
    """The limits of a tenant: those that were set, else the defaults."""
    return allowances.read(_stored(tenant), "")[1]


def of_stream(stream: str, tenant: str) -> StreamQuota:
    """The limits of a stream of a tenant: those that were set, else the defaults."""
    return allowances.read(_stored(tenant), stream)[0]


def save(tenant: str, quota: Quota) -> None:
    """Sets the limits of a tenant."""
    _save(tenant, {**own(quota), "streams": _stored(tenant).get("streams") or {}})


def save_stream(stream: str, tenant: str, quota: StreamQuota) -> None:
    """Sets the limits of a stream. Raises BadRequest for one above its tenant's."""
    stored = _stored(tenant)
    most, set_here = allowances.read(stored, "")[1], own(quota)
    for name, limit in set_here.items():
        if limit > getattr(most, name):
            raise BadRequest(f"'{name}' must be at most {getattr(most, name):g}, the limit of the stream's tenant")
    _save(tenant, {**stored, "streams": {**(stored.get("streams") or {}), stream: set_here}})


def forget_stream(stream: str, tenant: str) -> None:
    """Takes a deleted stream's limits away: another one of its name begins with the defaults."""
    stored = _stored(tenant)
    streams = dict(stored.get("streams") or {})
    if streams.pop(stream, None) is not None:
        _save(tenant, {**stored, "streams": streams})


def uploaded(tenant: str, now: datetime) -> int:
    """Bytes that a tenant was granted uploads for since the day began."""
    granted = firestore_client().collection("upload_grants").where(filter=FieldFilter("tenant", "==", tenant))
    today = granted.where(filter=FieldFilter("created", ">=", day(now)))
    [[total]] = today.sum("size").get()
    return int(total.value or 0)


def check_upload(tenant: str, size: int, now: datetime) -> None:
    """Raises UsedUp for an upload that is more than the tenant has left today."""
    limit, used = of(tenant).upload_bytes_day, uploaded(tenant, now)
    if used + size > limit:
        raise UsedUp(
            f"{used} bytes of today's {limit} are used up, and this file has {size}: upload it after "
            f"{clock(next_day(now))}, or ask those who run the deployment for more"
        )


def check_media(stream: str, tenant: str, now: datetime | None = None) -> None:
    """Raises UsedUp where no more media may come to a stream: asked before some begin, and while they come."""
    now = now or datetime.now(UTC)
    limits, tenants = allowances.read(_stored(tenant), stream), allowances.noted(tenant, now)[0]
    seconds = use.media_seconds(use.stream(stream), day(now))
    check(stream, tenant, limits, Use(media_seconds=seconds), tenants, now)


def check(stream: str, tenant: str, limits: tuple[StreamQuota, Quota], used: Use, tenants: Use, now: datetime) -> None:
    """`check_media` with the limits and the use of a stream and of its tenant. Pure."""
    of_stream, most = limits
    if used.media_seconds >= of_stream.media_hours_day * _HOUR:
        raise UsedUp(used_up(f"stream {stream!r}", f"{of_stream.media_hours_day:g} hours of media a day", now))
    if tenants.media_seconds >= most.media_hours_day * _HOUR:
        raise UsedUp(used_up(f"tenant {tenant!r}", f"{most.media_hours_day:g} hours of media a day", now))
    if tenants.media_bytes >= most.media_bytes_day:
        raise UsedUp(used_up(f"tenant {tenant!r}", f"{most.media_bytes_day} bytes of media a day", now))
    if tenants.stored_bytes >= most.stored_bytes:
        raise UsedUp(
            f"tenant {tenant!r} keeps {tenants.stored_bytes} bytes of media and may keep {most.stored_bytes}: delete "
            "streams, wait until older media expire, or ask those who run the deployment for more"
        )


def limits(tenant: str) -> Mapping[str, Any]:
    """What is set for a tenant and its streams, for `allowances.read`."""
    return _stored(tenant)


def _stored(tenant: str) -> dict[str, Any]:
    return control_client().document(names.quota_path(tenant)).get().to_dict() or {}


def _save(tenant: str, fields: Mapping[str, Any]) -> None:
    """Writes the limits, then their copy. Where the second write fails, the change is sent again."""
    written = {**fields, "tenant": tenant}
    audit.replace(control_client().document(names.quota_path(tenant)), written)
    allowances.write(tenant, written)
