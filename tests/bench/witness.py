"""Listens to every stream's results as a page would, and says what is missing and how late the rest came."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from google.cloud.firestore_v1.base_query import FieldFilter

from pipeline import names
from pipeline.clients import firestore_client, media_bucket


class Witness:
    """From now on. A segment has its first result when one of its frames, or its own document, can be read."""

    def __init__(self) -> None:
        self.stored = 0
        self.most_waiting = 0
        self._first: dict[tuple[str, str, int], float] = {}
        self._done: set[tuple[str, str, int]] = set()
        self._watches = [self._listen(kind) for kind in ("segments", "frames")]

    def _listen(self, kind: str) -> Any:
        filter = FieldFilter("finalized_at", ">=", datetime.now(UTC))
        return firestore_client().collection_group(kind).where(filter=filter).on_snapshot(self._taker(kind))

    def _taker(self, kind: str) -> Any:
        def take(_documents: Any, changes: Any, _read_time: Any) -> None:
            now = datetime.now(UTC)
            for change in changes:
                _, stream, _, session, *_ = change.document.reference.path.split("/")
                fields = change.document.to_dict() or {}
                segment = (stream, session, int(fields["sequence" if kind == "segments" else "segment"]))
                self._first.setdefault(segment, (now - fields["finalized_at"]).total_seconds())
                if kind == "segments":
                    self._done.add(segment)

        return take

    def look(self) -> None:
        """Counts what is stored and what waits."""
        found = firestore_client().collection_group("sessions").select(["segments"]).stream()
        self.stored = sum(int((each.to_dict() or {}).get("segments") or 0) for each in found)
        self.most_waiting = max(self.most_waiting, self.stored - len(self._done))

    def drain(self, patience: float, meanwhile: Callable[[], None]) -> float:
        """Waits until every stored segment is sampled, or nothing moves for `patience` seconds; how long it took."""
        begun = moved = time.monotonic()
        self.stored = sum(
            1 for _ in media_bucket().list_blobs(prefix=names.SEGMENTS, fields="items(name),nextPageToken")
        )
        known = len(self._done)
        while self.lost and time.monotonic() - moved < patience:
            meanwhile()
            time.sleep(0.2)
            if len(self._done) > known:
                known, moved = len(self._done), time.monotonic()
        return time.monotonic() - begun

    @property
    def lost(self) -> int:
        return self.stored - len(self._done)

    def latency(self, share: float) -> float:
        """Seconds from finalised to the first result, of the `share` of the segments that came soonest."""
        ordered = sorted(self._first.values())
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.inf

    def close(self) -> None:
        """Stops listening."""
        for watch in self._watches:
            watch.unsubscribe()
