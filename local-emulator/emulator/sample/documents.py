"""Changes of a stream's documents, as they become readable: Firestore's listeners as one queue."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from google.cloud.firestore import FieldFilter

from pipeline.cloud.clients import firestore_client
from pipeline.domain import names


@dataclass(frozen=True, slots=True)
class Change:
    """A document as it is now. `kind` is sessions, segments or frames; `at` is when this process could read it."""

    kind: str
    session: str
    id: str
    fields: dict[str, Any]
    at: datetime


class Listener:
    """Listens to the documents of one stream, until closed."""

    def __init__(
        self,
        stream: str,
        since: datetime,
        *,
        kinds: Iterable[str] = ("sessions", "segments", "frames"),
        latest: int | None = None,
    ) -> None:
        """`since` spares what earlier sessions have left: only what began, or was finalised, later is told.

        `latest` bounds how many documents of a kind are held in memory, for those who listen for days.
        """
        self._prefix = f"{names.stream_path(stream)}/sessions/"
        self.changes: queue.Queue[Change] = queue.Queue()
        self._watches = [self._listen(stream, kind, since, latest) for kind in kinds]

    def _listen(self, stream: str, kind: str, since: datetime, latest: int | None) -> Any:
        db = firestore_client()
        if kind == "sessions":
            source, field = db.collection(f"{names.stream_path(stream)}/sessions"), "started"
        else:  # a group, since a session's id is known only when its first results could be there already
            source, field = db.collection_group(kind), "finalized_at"
        query = source.where(filter=FieldFilter(field, ">=", since))
        if latest is not None:
            query = query.order_by(field, direction="DESCENDING").limit(latest)
        return query.on_snapshot(self._taker(kind))

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
