"""A cache of values that expire after some seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Cached(Generic[T]):
    """`read(key)`, at most once in `seconds` per key. Exceptions are not remembered. Threads may share it.

    Once it holds `most` keys, the next one empties it.
    """

    def __init__(
        self,
        read: Callable[[str], T],
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
        *,
        most: int = 1024,
    ) -> None:
        self._read = read
        self._seconds = seconds
        self._clock = clock
        self._most = most
        self._values: dict[str, tuple[float, T]] = {}

    def get(self, key: str) -> T:
        """The value of `key`, no older than `seconds`."""
        now = self._clock()
        known = self._values.get(key)
        if known and now - known[0] < self._seconds:
            return known[1]
        value = self._read(key)
        if len(self._values) >= self._most:
            self._values.clear()
        self._values[key] = (now, value)
        return value

    def clear(self) -> None:
        """Forgets everything."""
        self._values.clear()
