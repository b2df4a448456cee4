"""Streams that an external store feeds (`/events/segments`). They have no lease: only silence says that one ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from google.api_core.exceptions import FailedPrecondition
from google.api_core.exceptions import NotFound as GoogleNotFound
from google.cloud.firestore import FieldFilter

from ..cloud.clients import firestore_client
from ..domain import names
from ..domain.errors import Conflict
from ..domain.model import StreamState
from . import streams

SOURCE = "events"
"""The `source` of such a stream."""


@dataclass(frozen=True, slots=True)
class Silent:
    """A live stream whose store has announced nothing for a while. `session` is the one that it was feeding."""

    stream: str
    session: str
    version: Any


def has_ended(stream: str, session: str) -> bool:
    """True if a session has ended."""
    fields = firestore_client().document(names.session_path(stream, session)).get(["ended"]).to_dict() or {}
    return fields.get("ended") is not None


def silent(before: datetime) -> list[Silent]:
    """Live streams of `SOURCE` without an announced segment since `before`."""
    query = firestore_client().collection("streams").where(filter=FieldFilter("state", "==", StreamState.LIVE.value))
    found = [(one, one.to_dict() or {}) for one in query.where(filter=FieldFilter("source", "==", SOURCE)).stream()]
    return [
        Silent(str(one.id), fields["session"], one.update_time)
        for one, fields in found
        if fields.get("session") and fields.get("last_segment_at") and fields["last_segment_at"] < before
    ]


def end(silent: Silent, facts: dict[str, Any]) -> None:
    """Marks the stream as ended, and merges `facts` into its session. Raises Conflict if the stream has changed."""
    db = firestore_client()
    batch = db.batch()
    unchanged = db.write_option(last_update_time=silent.version)
    batch.update(
        db.document(names.stream_path(silent.stream)), {"state": StreamState.ENDED.value, "error": None}, unchanged
    )
    if facts:
        batch.set(db.document(names.session_path(silent.stream, silent.session)), streams.kept(facts), merge=True)
    try:
        batch.commit()
    except (FailedPrecondition, GoogleNotFound):
        raise Conflict(f"stream {silent.stream!r} changed meanwhile") from None
