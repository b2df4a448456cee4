"""The pace of calls that are paid for: imports and reanalyses take what live streams leave of Cloud Vision's quota.

Live streams take what they need and note each frame that was paid for (`paid_for` of its document). What they took in
the last minute is counted every ten seconds; the instances that wait for them divide the rest.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache

from ..documents.quota import use
from ..domain.batch import LIVE, Batch, shares
from ..domain.errors import Busy

_COUNTED_SECONDS = 10.0  # until live calls are counted again
_PATIENCE = 20.0  # seconds for a turn; a push that waits longer is better tried again
_MINUTE = timedelta(minutes=1)


class Pace:
    """The turns of one instance. Threads may share it."""

    def __init__(
        self,
        shares: Batch,
        live: Callable[[datetime], int] = lambda since: use.frames_paid_for(LIVE, since),
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """`live` counts the frames that were paid for live streams since a time."""
        self._shares, self._live, self._clock, self._pause = shares, live, clock, pause
        self._lock = threading.Lock()
        self._counted_at: float | None = None
        self._interval: float | None = None  # seconds between two turns; None: live streams leave nothing
        self._next = 0.0

    def turn(self) -> None:
        """Waits for the next turn. Raises Busy where there is none soon."""
        if not self._shares.instances:
            return
        with self._lock:
            now = self._clock()
            if self._counted_at is None or now - self._counted_at >= _COUNTED_SECONDS:
                self._interval, self._counted_at = self._between(), now
            wait = max(0.0, self._next - now)
            if self._interval is None or wait > _PATIENCE:
                raise Busy("live streams use the quota of Cloud Vision: this frame waits for its turn")
            self._next = now + wait + self._interval
        if wait:
            self._pause(wait)

    def _between(self) -> float | None:
        left = (self._shares.most - self._live(datetime.now(UTC) - _MINUTE)) / self._shares.instances
        return 60 / left if left > 0 else None


@cache
def pace() -> Pace:
    """The turns of this process."""
    return Pace(shares())
