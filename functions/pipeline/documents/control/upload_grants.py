"""`upload_grants/{grant}`: the right to upload one file; closed to browsers.

The API writes it with the address that it signs, and `imports` reads it when the file has come. An object that came by
such an address says so in its metadata, which is signed too: without its grant it is not imported. One that does not
say so was copied into the bucket by an account that may write there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from ...cloud.clients import firestore_client
from ...domain import names
from ...domain.settings import own_tenant
from .. import retention
from . import audit

_SESSION = timedelta(days=7)  # Cloud Storage keeps the session of a resumable upload so long


@dataclass(frozen=True, slots=True)
class UploadGrant:
    """The right to upload `size` bytes to `object`. `created` is set where it is read."""

    object: str
    stream: str
    size: int
    tenant: str
    created: datetime | None = field(default=None, compare=False)


def create(grant: UploadGrant) -> None:
    """Writes a new grant."""
    audit.create(
        firestore_client().document(names.upload_grant_path(names.upload_grant(grant.object))),
        {
            "object": grant.object,
            "stream": grant.stream,
            "size": grant.size,
            "tenant": grant.tenant,
            "created": datetime.now(UTC),
            "expires": retention.of_upload() + _SESSION,
        },
    )


def find(object_name: str) -> UploadGrant | None:
    """The grant of an object, if one was given."""
    document = firestore_client().document(names.upload_grant_path(names.upload_grant(object_name)))
    found: dict[str, Any] | None = document.get().to_dict()
    if found is None:
        return None
    tenant = found.get("tenant") or own_tenant()
    return UploadGrant(found["object"], found["stream"], found["size"], tenant, found["created"])
