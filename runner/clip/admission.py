"""Admission: a limit of images at a time, checked before anything is fetched, decoded or queued."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock

from pipeline.domain.errors import QuotaExceeded


class Admission:
    """Admits up to `limit` images at a time."""

    def __init__(self, limit: int) -> None:
        self._limit, self._inside, self._lock = limit, 0, Lock()

    @property
    def inside(self) -> int:
        """Images that wait or are being analysed."""
        return self._inside

    @contextmanager
    def of(self, images: int) -> Generator[None]:
        """Admits that many until the block ends. Raises QuotaExceeded."""
        with self._lock:
            if self._inside + images > self._limit:
                raise QuotaExceeded(f"{self._inside} images are being looked at, of {self._limit} at most: try again")
            self._inside += images
        try:
            yield
        finally:
            with self._lock:
                self._inside -= images
