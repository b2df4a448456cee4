"""A circuit breaker: a provider that keeps failing is left alone for a while, then tried with one call.

closed ── `failures` within `window` s ──► open ── after `rest` s ──► half-open: one call goes through
  ▲                                         ▲ rest doubles                │ fails
  └───────────────────────── succeeds ──────┴─────────────────────────────┘
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from threading import Lock

from ..domain.providers import ProviderState


class Breaker:
    """Shared by threads. Times are in seconds."""

    def __init__(
        self,
        failures: int = 5,
        window: float = 30.0,
        rest: float = 10.0,
        longest: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Opens after so many `failures` within `window`; rests `rest`, twice as long each time, up to `longest`."""
        self._most, self._window, self._shortest, self._longest = failures, window, rest, longest
        self._clock = clock
        self._lock = Lock()
        self._failed: deque[float] = deque(maxlen=failures)
        self._rest = rest
        self._until: float | None = None  # open until then
        self._probe_ends: float | None = None

    @property
    def state(self) -> ProviderState:
        """The state now."""
        with self._lock:
            if self._probe_ends is not None:
                return ProviderState.PROBING
            if self._until is not None:
                return ProviderState.OPEN
            self._drop_old()
            return ProviderState.FAILING if self._failed else ProviderState.OK

    def allows(self) -> bool:
        """True if a call may be made now. `succeeded` or `failed` must follow: it may be the one probe."""
        with self._lock:
            now = self._clock()
            if self._until is None:
                return True
            if now < self._until or (self._probe_ends is not None and now < self._probe_ends):
                return False
            self._probe_ends = now + self._longest  # a probe without an outcome does not block for ever
            return True

    def succeeded(self) -> None:
        """The provider answered."""
        with self._lock:
            self._failed.clear()
            self._until = self._probe_ends = None
            self._rest = self._shortest

    def failed(self) -> None:
        """The provider did not answer, or refused for now."""
        with self._lock:
            now = self._clock()
            if self._until is not None:
                if self._probe_ends is not None:
                    self._rest = min(2 * self._rest, self._longest)
                    self._until, self._probe_ends = now + self._rest, None
                return  # a call that was under way when it opened says nothing new
            self._failed.append(now)
            self._drop_old()
            if len(self._failed) == self._most:
                self._until = now + self._rest

    def _drop_old(self) -> None:
        while self._failed and self._failed[0] <= self._clock() - self._window:
            self._failed.popleft()
