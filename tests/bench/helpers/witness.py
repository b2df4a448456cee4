"""Says what of every stream's results is missing and how late the rest came, by the database's own clock.

Not by listening: a listener of Google's Python library sorts all that it has seen at each change, falls behind with
some hundred documents, and is then cut off. A document can be read from its create_time on.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from datetime import UTC
from typing import Any

from pipeline.cloud.clients import firestore_client, media_bucket
from pipeline.domain import names


class Witness:
    """Of a stack on which nothing else is streamed meanwhile. A segment has a first result when a frame, or it itself,
    can be read.
    """

    def __init__(self) -> None:
        self.stored = self.done = self.most_waiting = 0
        self._first: dict[tuple[str, ...], float] = {}

    def look(self) -> None:
        """Counts what is stored and what waits."""
        found = firestore_client().collection_group("sessions").select(["segments"]).stream()
        self.stored = sum(int((each.to_dict() or {}).get("segments") or 0) for each in found)
        self.done = _sampled()
        self.most_waiting = max(self.most_waiting, self.stored - self.done)

    def drain(self, patience: float, meanwhile: Callable[[], None]) -> float:
        """Waits until every stored segment is sampled, or nothing moves for `patience` seconds; how long it took."""
        begun = moved = time.monotonic()
        self.stored = sum(
            1 for _ in media_bucket().list_blobs(prefix=names.SEGMENTS, fields="items(name),nextPageToken")
        )
        while self.lost and time.monotonic() - moved < patience:
            meanwhile()
            time.sleep(0.2)
            if (done := _sampled()) > self.done:
                self.done, moved = done, time.monotonic()
        took = time.monotonic() - begun
        self.read()
        return took

    @property
    def lost(self) -> int:
        return self.stored - self.done

    def read(self) -> None:
        """Reads when each segment had its first result."""
        for segment, seconds in (*_lateness("segments", "sequence"), *_lateness("frames", "segment")):
            self._first[segment] = min(seconds, self._first.get(segment, math.inf))

    def latency(self, share: float, stream: str = "") -> float:
        """Seconds from finalised to the first result, of the `share` of the segments that came soonest.

        `stream`: of streams whose names begin so."""
        ordered = sorted(seconds for (of, *_), seconds in self._first.items() if of.startswith(stream))
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.inf


def _sampled() -> int:
    [[counted]] = firestore_client().collection_group("segments").count().get()
    return int(counted.value)


def _lateness(kind: str, number: str) -> Iterator[tuple[tuple[str, ...], float]]:
    """Of each document: the stream, session and number of its segment, and seconds from finalised to readable."""
    found: Any = firestore_client().collection_group(kind).select([number, "finalized_at"]).stream()
    for document in found:
        _, stream, _, session, *_ = document.reference.path.split("/")
        fields = document.to_dict()
        readable = document.create_time.ToDatetime(UTC)  # a collection group's documents have it as protobuf's type
        yield (stream, session, str(fields[number])), (readable - fields["finalized_at"]).total_seconds()
