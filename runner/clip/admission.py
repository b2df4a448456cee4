"""How many images may be in the service at once: one limit, before anything is fetched, decoded or queued."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock

from pipeline.domain.errors import QuotaExceeded


class Admission:
    """At most `most` images at once."""

    def __init__(self, most: int) -> None:
        self._most, self._inside, self._lock = most, 0, Lock()

    @property
    def inside(self) -> int:
        """Images that wait or are looked at."""
        return self._inside

    @contextmanager
    def of(self, images: int) -> Generator[None]:
        """Lets that many in until the block ends. Raises QuotaExceeded."""
        with self._lock:
            if self._inside + images > self._most:
                raise QuotaExceeded(f"{self._inside} images are being looked at, of {self._most} at most: try again")
            self._inside += images
        try:
            yield
        finally:
            with self._lock:
                self._inside -= images
