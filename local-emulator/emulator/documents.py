"""What is written to a stream's documents, as it becomes readable: Firestore's listeners, as one queue of changes."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from google.cloud.firestore import FieldFilter

from pipeline import names
from pipeline.clients import firestore_client


@dataclass(frozen=True, slots=True)
class Change:
    """A document as it is now. `kind` is sessions, segments or frames; `at` is when this process could read it."""

    kind: str
    session: str
    id: str
    fields: dict[str, Any]
    at: datetime


class Listener:
    """Listens to the sessions, segments and frames of one stream, from `since` on, until closed."""

    def __init__(self, stream: str, since: datetime) -> None:
        """`since` spares what earlier sessions have left: only what was finalised later is told."""
        db, self._prefix = firestore_client(), f"{names.stream_path(stream)}/sessions/"
        self.changes: queue.Queue[Change] = queue.Queue()
        later = FieldFilter("finalized_at", ">=", since)
        sessions = db.collection(f"{names.stream_path(stream)}/sessions").where(
            filter=FieldFilter("started", ">=", since)
        )
        # Groups, since a session's id is known only after its first results could be there.
        self._watches = [
            sessions.on_snapshot(self._taker("sessions")),
            db.collection_group("segments").where(filter=later).on_snapshot(self._taker("segments")),
            db.collection_group("frames").where(filter=later).on_snapshot(self._taker("frames")),
        ]

    def close(self) -> None:
        """Stops listening."""
        for watch in self._watches:
            watch.unsubscribe()

    def _taker(self, kind: str) -> Callable[[Any, Iterable[Any], Any], None]:
        def take(_documents: Any, changes: Iterable[Any], _read_time: Any) -> None:
            now = datetime.now(UTC)
            for change in changes:
                path = str(change.document.reference.path)
                if path.startswith(self._prefix) and change.type.name != "REMOVED":
                    session = path.removeprefix(self._prefix).split("/")[0]
                    fields = change.document.to_dict() or {}
                    self.changes.put(Change(kind, session, change.document.id, fields, now))

        return take
