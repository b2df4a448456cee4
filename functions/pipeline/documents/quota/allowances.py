"""`allowances/{tenant}`: the limits of a tenant and of its streams, copied, and what the tenant has used of them today.

Services that decode bytes of strangers do not read the limits where these are kept; the copy is written with them.
`housekeep` notes once a minute what a tenant with active streams has used: all its streams together are many documents
to add up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from ...cloud.clients import firestore_client
from ...cloud.ttl_cache import Cached
from ...domain import names, quotas
from ...domain.quotas import Quota, StreamQuota, Use

_SECONDS = 10.0  # until a change is noticed


@dataclass(frozen=True, slots=True)
class Allowance:
    """The limits of a stream and of its tenant, and what the tenant has used today, as of a minute ago."""

    stream: StreamQuota
    tenant: Quota
    used: Use


def of(stream: str, tenant: str, now: datetime) -> Allowance:
    """The allowance of a stream, at most ten seconds old."""
    found = _known.get(tenant)
    own, most = read(found.get("limits") or {}, stream)
    return Allowance(own, most, _noted(found, now))


def read(limits: Mapping[str, Any], stream: str) -> tuple[StreamQuota, Quota]:
    """The limits of a stream and of its tenant in a document of the tenant's, the deployment's where it has none."""
    own: Mapping[str, Any] = (limits.get("streams") or {}).get(stream) or {}
    return quotas.over(quotas.of_streams(), own), quotas.over(quotas.of_tenants(), limits)


def write(tenant: str, limits: Mapping[str, Any]) -> None:
    """Replaces the copy of the limits."""
    _merge(tenant, {"limits": dict(limits)})


def note(tenant: str, used: Use, stored_bytes: int, at: datetime) -> Use:
    """Notes what a tenant's streams have used on the day of `at`, and adds what its deleted ones had. Returns that."""
    total = replace(used + removed(tenant, at), stored_bytes=stored_bytes)
    _merge(tenant, {"used": {**asdict(total), "at": at}})
    return total


def keep(tenant: str, life: str, used: Use, at: datetime) -> None:
    """Keeps what a stream has used on the day of `at`, whose documents are about to be deleted. Idempotent.

    `life` is the stream's id with the time of its creation: the first call counts, for a later one finds less.
    """
    known: dict[str, Any] = _read(tenant).get("removed") or {}
    today = {one: fields for one, fields in known.items() if fields["at"] >= quotas.day(at)}
    if life not in today and used != Use():
        _merge(tenant, {"removed": {**today, life: {**asdict(used), "at": at}}})


def removed(tenant: str, now: datetime) -> Use:
    """What the deleted streams of a tenant had used today."""
    known: dict[str, Any] = _read(tenant).get("removed") or {}
    total = Use()
    for fields in known.values():
        if fields["at"] >= quotas.day(now):
            total += Use(**{name: value for name, value in fields.items() if name != "at"})
    return total


def noted(tenant: str, now: datetime) -> tuple[Use, datetime | None]:
    """What a tenant has used today, and when that was noted; nothing, and None, on a day without a note."""
    found = _read(tenant)
    return _noted(found, now), (found.get("used") or {}).get("at")


def forget() -> None:
    """Makes the next call read the documents again."""
    _known.clear()


def _noted(fields: Mapping[str, Any], now: datetime) -> Use:
    """The note; of an earlier day only what is kept still holds."""
    used: dict[str, Any] = dict(fields.get("used") or {})
    at: datetime | None = used.pop("at", None)
    if at is None:
        return Use()
    return Use(**used) if at >= quotas.day(now) else Use(stored_bytes=used["stored_bytes"])


def _merge(tenant: str, fields: Mapping[str, Any]) -> None:
    merge: Any = list(fields)  # declares a bool, takes paths: each field is replaced whole
    firestore_client().document(names.allowance_path(tenant)).set(dict(fields), merge=merge)
    forget()


def _read(tenant: str) -> Mapping[str, Any]:
    return firestore_client().document(names.allowance_path(tenant)).get().to_dict() or {}


_known = Cached(_read, _SECONDS)
