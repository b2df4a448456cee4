"""Wrong keys are slowed: each address may send so many, then one more every so often."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from .errors import LimitReached


class Throttle:
    """A token bucket for each address, in this process. `burst` wrong keys are free, then one each `seconds`.

    While a bucket is empty no key of that address is looked at, so guessing is slow and not only unsuccessful. It
    remembers the `most` addresses that failed last. Threads may share it.
    """

    def __init__(
        self, burst: int = 30, seconds: float = 2.0, *, most: int = 10_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst = burst
        self._seconds = seconds
        self._most = most
        self._clock = clock
        self._debts: OrderedDict[str, tuple[float, float]] = OrderedDict()  # wrong keys not yet forgotten, and when
        self._lock = threading.Lock()

    def check(self, address: str) -> None:
        """Raises LimitReached while the address has sent too many wrong keys."""
        with self._lock:
            if self._debt(address) > self._burst - 1:
                raise LimitReached(
                    f"too many wrong keys from {address}: send the right one in {max(1, round(self._seconds))} s"
                )

    def failed(self, address: str) -> None:
        """Counts a wrong key."""
        with self._lock:
            self._debts[address] = (self._debt(address) + 1, self._clock())
            self._debts.move_to_end(address)
            if len(self._debts) > self._most:
                self._debts.popitem(last=False)

    def forget(self) -> None:
        """Forgets all addresses."""
        with self._lock:
            self._debts.clear()

    def _debt(self, address: str) -> float:
        debt, since = self._debts.get(address, (0.0, 0.0))
        return max(0.0, debt - (self._clock() - since) / self._seconds)
