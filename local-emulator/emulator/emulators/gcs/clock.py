"""The time, which tests may push forward."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

MICROSECONDS = 1_000_000
DAY = 86_400 * MICROSECONDS


class Clock:
    """Microseconds since 1970. `advance` moves it: lifecycle rules count days, and tests cannot wait for them."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._offset = 0

    def now(self) -> int:
        """Microseconds since 1970-01-01 UTC."""
        return int(self._now() * MICROSECONDS) + self._offset

    def advance(self, seconds: float) -> None:
        """Moves this clock forward (or back) from now on."""
        self._offset += int(seconds * MICROSECONDS)


def rfc3339(microseconds: int, digits: int = 3) -> str:
    """`2026-01-31T23:59:59.123Z`, as resources have it; `digits` 6 is what events have."""
    moment = datetime.fromtimestamp(microseconds // MICROSECONDS, UTC)
    fraction = f"{microseconds % MICROSECONDS:06d}"[:digits]
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{fraction}Z"


def parse_rfc3339(text: str) -> int:
    """The inverse of `rfc3339`; also takes a date alone. Raises ValueError."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp() * MICROSECONDS)


def http_date(microseconds: int) -> str:
    """`Sat, 31 Jan 2026 23:59:59 GMT`"""
    from email.utils import formatdate

    return formatdate(microseconds // MICROSECONDS, usegmt=True)
