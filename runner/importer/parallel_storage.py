"""Stores segments in parallel: a file is read far faster than a bucket takes one segment after another."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor

from ingest.session.storage import Storage
from pipeline.cloud import tracing
from pipeline.domain.model import Segment

_MAX_UNDER_WAY = 6  # segments, which bounds memory


class ParallelStorage:
    """A Storage that stores segments in the background; writing a playlist waits for them."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._pool = ThreadPoolExecutor(_MAX_UNDER_WAY, thread_name_prefix="store")
        self._waiting: deque[Future[None]] = deque()

    def segment(self, segment: Segment, data: bytes) -> None:
        """Starts to store a segment. Raises the error of an earlier one."""
        self._settle(_MAX_UNDER_WAY - 1)
        self._waiting.append(self._pool.submit(tracing.bound(self._storage.segment), segment, data))

    def playlist(self, name: str, text: str) -> None:
        """See Storage. Waits for every segment, or raises the error of one."""
        self._settle(0)
        self._storage.playlist(name, text)

    def shut(self) -> None:
        """Waits for the segments under way."""
        self._pool.shutdown()

    def _settle(self, most: int) -> None:
        while len(self._waiting) > most:
            self._waiting.popleft().result()
