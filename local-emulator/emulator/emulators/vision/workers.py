"""As many pictures at once as there are cores, a bounded number waiting, and a refusal beyond.

A picture's features are looked for side by side: a single one is ready sooner, and of several they mix, which share the
cores better than twice the same one (the logo matcher holds the interpreter lock for half its time).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TypeVar

from grpc import StatusCode

from ...rpc import CallError

T = TypeVar("T")
R = TypeVar("R")


class Workers:
    """Threads shared by all calls. OpenCV and onnxruntime release the interpreter lock: they do run in parallel."""

    def __init__(self, threads: int, most: int) -> None:
        self._pictures = ThreadPoolExecutor(threads, thread_name_prefix="picture")
        self._features = ThreadPoolExecutor(threads, thread_name_prefix="feature")
        self._most = most
        self._held = 0
        self._lock = Lock()

    def map(self, work: Callable[[T], R], items: Sequence[T]) -> list[R]:
        """The result for each picture, in order. Raises CallError (RESOURCE_EXHAUSTED) where more than `most` would
        be under way."""
        with self._lock:
            if self._held + len(items) > self._most:
                message = f"Quota exceeded: {self._held} images are being annotated, at most {self._most} are taken."
                raise CallError(StatusCode.RESOURCE_EXHAUSTED, message)
            self._held += len(items)
        try:
            return list(self._pictures.map(work, items))
        finally:
            with self._lock:
                self._held -= len(items)

    def split(self, work: Callable[[T], R], features: Sequence[T]) -> list[R]:
        """The result for each feature of one picture, in order. To be called from within `map`."""
        return list(self._features.map(work, features))

    def close(self) -> None:
        """Lets what runs finish, drops what waits."""
        for pool in (self._pictures, self._features):
            pool.shutdown(wait=True, cancel_futures=True)
