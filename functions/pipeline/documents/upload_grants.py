"""`upload_grants/{id}`: the right to upload one file, once; closed to browsers.

The API writes it with the address that it signs, and `imports` reads it when the file has come: a file without one is
not imported, and neither is one that is larger than was granted. The first generation of the object takes the grant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from google.api_core.exceptions import FailedPrecondition

from ..cloud.clients import firestore_client
from ..domain import names
from . import retention

_SESSION = timedelta(days=7)  # Cloud Storage keeps the session of a resumable upload so long


@dataclass(frozen=True, slots=True)
class UploadGrant:
    """The right to upload `size` bytes to `object`. `generation`: what took it; None while it waits for its file."""

    object: str
    stream: str
    size: int
    generation: int | None = None


def create(object_name: str, stream: str, size: int) -> None:
    """Writes a new grant."""
    firestore_client().document(names.upload_grant_path(object_name)).create(
        {
            "object": object_name,
            "stream": stream,
            "size": size,
            "generation": None,
            "created": datetime.now(UTC),
            "expires": retention.of_upload() + _SESSION,
        }
    )


def take(object_name: str, generation: int) -> UploadGrant | None:
    """The grant of an object, taken by this generation now or by an earlier delivery of its event. Idempotent.

    None: there is no such grant. One that another generation took comes back with that generation.
    """
    reference = firestore_client().document(names.upload_grant_path(object_name))
    snapshot = reference.get()
    if not snapshot.exists:
        return None
    fields: dict[str, Any] = snapshot.to_dict() or {}
    if fields["generation"] is None:
        try:
            option = firestore_client().write_option(last_update_time=snapshot.update_time)
            reference.update({"generation": generation}, option)
        except FailedPrecondition:  # another delivery, or another generation, was faster
            return take(object_name, generation)
    return UploadGrant(fields["object"], fields["stream"], fields["size"], fields["generation"] or generation)
