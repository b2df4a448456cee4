"""Segments stored side by side: a file is read far faster than one segment after the other is taken by a bucket."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor

from ingest.session.storage import Storage
from pipeline.cloud import tracing
from pipeline.domain.model import Segment

_MAX_UNDER_WAY = 6  # segments on their way: memory is bounded by them


class ParallelStorage:
    """A Storage whose segments are durable when a playlist is written: that waits for them."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._pool = ThreadPoolExecutor(_MAX_UNDER_WAY, thread_name_prefix="store")
        self._waiting: deque[Future[None]] = deque()

    def segment(self, segment: Segment, data: bytes) -> None:
        """Begins to store a segment. Raises what storing an earlier one met."""
        self._settle(_MAX_UNDER_WAY - 1)
        self._waiting.append(self._pool.submit(tracing.bound(self._storage.segment), segment, data))

    def playlist(self, name: str, text: str) -> None:
        """See Storage. Everything that `text` can name is durable by then, or what storing it met is raised."""
        self._settle(0)
        self._storage.playlist(name, text)

    def shut(self) -> None:
        """Waits for what is on its way."""
        self._pool.shutdown()

    def _settle(self, most: int) -> None:
        while len(self._waiting) > most:
            self._waiting.popleft().result()
