"""Leases whose holder let go or died: what housekeeping looks after. See leases.py."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from google.api_core.exceptions import FailedPrecondition
from google.api_core.exceptions import NotFound as GoogleNotFound
from google.cloud.firestore_v1.base_query import FieldFilter

from ..cloud.clients import firestore_client
from ..domain import names
from ..domain.errors import Conflict
from ..domain.model import StreamState
from . import streams

_MOST = 500  # in one go; the next comes in a minute


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A lease that nobody holds. `session` is None once it was given up: it is among the `unfinished` then."""

    stream: str
    session: str | None
    unfinished: tuple[str, ...]
    reconnect_until: datetime
    error: str | None
    version: Any


def lapsed(now: datetime) -> list[Lapsed]:
    """Those that had expired at `now`, the oldest first."""
    query = firestore_client().collection("leases").where(filter=FieldFilter("expires", "<=", now))
    return [_lapsed(snapshot) for snapshot in query.order_by("expires").limit(_MOST).stream()]


def give_up(lease: Lapsed) -> Lapsed:
    """Nobody resumes its session from now on, and a holder that was only slow loses it. Raises Conflict."""
    unfinished = [*lease.unfinished, *([lease.session] if lease.session else [])]
    fields = {"session": None, "unfinished": unfinished, "holder": "nobody: it had expired", "token": ""}
    try:
        result = _reference(lease).update(fields, _at(lease))
    except (FailedPrecondition, GoogleNotFound):
        raise Conflict(f"somebody publishes stream {lease.stream!r} again") from None
    return Lapsed(lease.stream, None, tuple(unfinished), lease.reconnect_until, lease.error, result.update_time)


def say(
    lease: Lapsed,
    session: str,
    facts: dict[str, Any],
    stream: dict[str, Any],
    states: Collection[StreamState],
) -> None:
    """Merges `facts` into a session's document and, where the stream is in one of `states`, `stream` into its own.

    A stream that was deleted stays so, and one that somebody publishes again is not touched. Raises Conflict where that
    happens meanwhile.
    """
    db = firestore_client()
    document = db.document(names.stream_path(lease.stream))
    found = document.get(["state"])
    if not found.exists:
        return
    batch = db.batch()
    if stream and found.get("state") in states and _stands(lease):
        batch.update(document, stream, db.write_option(last_update_time=found.update_time))
    if facts:
        batch.set(db.document(names.session_path(lease.stream, session)), streams.kept(facts), merge=True)
    try:
        batch.commit()
    except (FailedPrecondition, GoogleNotFound):
        raise Conflict(f"stream {lease.stream!r} changed meanwhile") from None


def _stands(lease: Lapsed) -> bool:
    """Whether it is still as it was read: nobody has come since."""
    return _reference(lease).get().update_time == lease.version


def forget(lease: Lapsed) -> None:
    """Its sessions are finished. Whoever came meanwhile keeps it."""
    with suppress(FailedPrecondition, GoogleNotFound):
        _reference(lease).delete(_at(lease))


def _lapsed(snapshot: Any) -> Lapsed:
    fields: dict[str, Any] = snapshot.to_dict()
    return Lapsed(
        snapshot.id,
        fields["session"],
        tuple(fields["unfinished"]),
        fields["reconnect_until"],
        fields["error"],
        snapshot.update_time,
    )


def _reference(lease: Lapsed) -> Any:
    return firestore_client().document(names.lease_path(lease.stream))


def _at(lease: Lapsed) -> Any:
    return firestore_client().write_option(last_update_time=lease.version)
