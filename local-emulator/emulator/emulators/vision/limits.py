"""Quota and latency, which can be set: so that 429 (RESOURCE_EXHAUSTED) and slowness can be tested."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from threading import Event, Lock

from grpc import StatusCode

from ...rpc import CallError

_MINUTE = 60.0
_SLOWEST = 60.0  # seconds
_MAX_CALLS = 100_000  # calls: as many times are remembered
_EXCEEDED = (
    "Quota exceeded for quota metric 'Requests' and limit 'Requests per minute' of service 'vision.googleapis.com': "
    "{quota} a minute are set."
)


class Limits:
    """`latency`: seconds that each call waits besides its work. `quota`: calls a minute, None: any number.

    Called from several threads.
    """

    def __init__(
        self, latency: float = 0.0, quota: int | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._lock = Lock()
        self._closed = False
        self._go_on = Event()
        self._taken: deque[float] = deque()
        self._latency, self._quota = 0.0, quota
        self.set({"latency": latency, "quota": quota})

    def set(self, wanted: Mapping[str, object]) -> dict[str, float | None]:
        """Changes what is named, and returns all. Raises CallError, changing nothing.

        A new quota starts a new minute; a new latency lets go of who waits.
        """
        if unknown := sorted(wanted.keys() - {"latency", "quota"}):
            raise CallError(StatusCode.INVALID_ARGUMENT, f"{unknown[0]!r} is neither 'latency' nor 'quota'.")
        with self._lock:
            latency = _seconds(wanted.get("latency", self._latency))
            self._quota = _calls(wanted.get("quota", self._quota))
            self._latency = latency
            if "quota" in wanted:
                self._taken.clear()
            if "latency" in wanted:
                self._go_on.set()
                self._go_on = Event()
            return {"latency": self._latency, "quota": self._quota}

    def take(self) -> None:
        """Lets a call in, late where that is set.

        Raises CallError: RESOURCE_EXHAUSTED at once beyond the quota, UNAVAILABLE once closed.
        """
        with self._lock:
            self._count()
            latency, go_on = self._latency, self._go_on
        go_on.wait(latency)
        if self._closed:
            raise CallError(StatusCode.UNAVAILABLE, "The emulator stops.")

    def close(self) -> None:
        """Refuses who waits and who comes."""
        self._closed = True
        self._go_on.set()

    def _count(self) -> None:
        if self._quota is None:
            return
        now = self._clock()
        while self._taken and self._taken[0] <= now - _MINUTE:
            self._taken.popleft()
        if len(self._taken) >= self._quota:
            raise CallError(StatusCode.RESOURCE_EXHAUSTED, _EXCEEDED.format(quota=self._quota))
        self._taken.append(now)


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _SLOWEST:
        raise CallError(StatusCode.INVALID_ARGUMENT, f"'latency' is seconds, 0 to {_SLOWEST:g}, not {value!r}.")
    return float(value)


def _calls(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MAX_CALLS or value % 1:
        raise CallError(
            StatusCode.INVALID_ARGUMENT, f"'quota' is calls a minute, 0 to {_MAX_CALLS}, or null: {value!r}."
        )
    return int(value)
