"""`quotas/{tenant}`: how much a tenant may upload and import, enforced where that begins; closed to browsers.

What is used is counted from the documents that say it anyway: nothing is counted twice, and nothing can be forgotten.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from google.cloud.firestore import FieldFilter

from ...cloud.clients import firestore_client
from ...domain import names
from ...domain.errors import LimitReached
from . import audit


@dataclass(frozen=True, slots=True)
class Quota:
    """The limits of a tenant: bytes that are uploaded in a day (UTC), and imports that run at once."""

    upload_bytes_day: int = 500_000_000_000
    imports_at_once: int = 10


def of(tenant: str) -> Quota:
    """The limits of a tenant: those that were set, else the defaults."""
    found: dict[str, Any] = firestore_client().document(names.quota_path(tenant)).get().to_dict() or {}
    known = {name: found[name] for name in asdict(Quota()) if found.get(name) is not None}
    return Quota(**known)


def save(tenant: str, quota: Quota) -> None:
    """Sets the limits of a tenant."""
    audit.replace(firestore_client().document(names.quota_path(tenant)), {**asdict(quota), "tenant": tenant})


def day(now: datetime) -> datetime:
    """When the day began that quotas count."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def uploaded(tenant: str, now: datetime) -> int:
    """Bytes that a tenant was granted uploads for since the day began."""
    granted = firestore_client().collection("upload_grants").where(filter=FieldFilter("tenant", "==", tenant))
    today = granted.where(filter=FieldFilter("created", ">=", day(now)))
    [[total]] = today.sum("size").get()
    return int(total.value or 0)


def check_upload(tenant: str, size: int, now: datetime) -> None:
    """Raises LimitReached for an upload that is more than the tenant has left today."""
    limit, used = of(tenant).upload_bytes_day, uploaded(tenant, now)
    if used + size > limit:
        again = (day(now) + timedelta(days=1)).isoformat(timespec="minutes").replace("+00:00", "Z")
        raise LimitReached(
            f"{used} bytes of today's {limit} are used up, and this file has {size}: upload it after {again}, or ask "
            "those who run the deployment for more"
        )
