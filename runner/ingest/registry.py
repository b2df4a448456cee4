"""Who is publishing on this instance: one sender per stream, and no more streams than it can carry."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager

from pipeline.errors import Conflict, Unavailable


class Registry:
    """Publishers by stream."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._claiming = threading.Lock()  # never taken by `stop_all`, which a signal handler calls
        self._stops: dict[str, Callable[[], None]] = {}
        self.closing = False

    @contextmanager
    def claim(self, stream: str, stop: Callable[[], None]) -> Generator[None]:
        """Holds `stream` while the block runs; `stop` ends its source. Raises Conflict or Unavailable."""
        with self._claiming:
            if self.closing:
                raise Unavailable("this instance is shutting down: connect again")
            if stream in self._stops:
                raise Conflict(f"stream {stream!r} is being published already: stop the other sender first")
            if len(self._stops) >= self._limit:
                raise Unavailable(f"this instance already carries {self._limit} streams: try again in a few seconds")
            self._stops[stream] = stop
        try:
            yield
        finally:
            del self._stops[stream]

    def stop_all(self) -> None:
        """Ends every source, as at SIGTERM: each session then finishes its segment and its playlists."""
        self.closing = True
        for stop in list(self._stops.values()):
            stop()

    def __len__(self) -> int:
        return len(self._stops)
