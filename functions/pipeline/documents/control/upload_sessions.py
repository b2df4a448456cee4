"""`upload_sessions/{session}`: uploads that have begun, for the sender who comes back after an interruption.

The address of a session is as good as a key: no browser keeps it, and it is given again only to the one who began.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from google.cloud.firestore import FieldFilter

from ...cloud.clients import control_client
from ...domain import names

_KEPT = timedelta(days=7)  # as long as Cloud Storage keeps it
_COMMIT = 400  # documents: Firestore takes 500


@dataclass(frozen=True, slots=True)
class UploadSession:
    """The upload of `object`, whose bytes are sent to `address`."""

    object: str
    address: str


def find(session: str) -> UploadSession | None:
    """What has begun under this id."""
    found: dict[str, Any] | None = control_client().document(names.upload_session_path(session)).get().to_dict()
    return UploadSession(found["object"], found["address"]) if found else None


def keep(session: str, begun: UploadSession) -> None:
    """Notes what has begun; it replaces what is known under this id."""
    stream, _ = names.parse_upload(begun.object)
    fields = {"object": begun.object, "address": begun.address, "stream": stream, "expires": datetime.now(UTC) + _KEPT}
    control_client().document(names.upload_session_path(session)).set(fields)


def delete_all(stream: str) -> None:
    """Deletes those of a stream."""
    db = control_client()
    sessions = db.collection("upload_sessions").where(filter=FieldFilter("stream", "==", stream)).select([])
    while found := list(sessions.limit(_COMMIT).stream()):
        batch = db.batch()
        for one in found:
            batch.delete(one.reference)
        batch.commit()
