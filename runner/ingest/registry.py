"""Who is publishing on this instance: no more senders than it can carry, and all of them stopped when it shuts down."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager

from pipeline.errors import Unavailable


class Registry:
    """The senders of one instance. That a stream has one publisher is kept by its lease, across instances."""

    def __init__(self) -> None:
        self._claiming = threading.Lock()  # never taken by `stop_all`, which a signal handler calls
        self._stops: dict[object, Callable[[], None]] = {}
        self.closing = False

    @contextmanager
    def claim(self, stop: Callable[[], None], limit: int) -> Generator[None]:
        """One of `limit` places while the block runs; `stop` ends the sender's source. Raises Unavailable."""
        place = object()
        with self._claiming:
            if self.closing:
                raise Unavailable("this instance is shutting down: connect again")
            if len(self._stops) >= limit:
                raise Unavailable(f"this instance already carries {limit} streams: try again in a few seconds")
            self._stops[place] = stop
        try:
            yield
        finally:
            del self._stops[place]

    def stop_all(self) -> None:
        """Ends every source, as at SIGTERM: each session then finishes its segment and its playlists."""
        self.closing = True
        for stop in list(self._stops.values()):
            stop()

    def __len__(self) -> int:
        return len(self._stops)


REGISTRY = Registry()
"""This instance's."""
