"""Spending: whether a stream may ask paid providers now. Its budget is hard: money is set aside before it is spent.

    with spending.reserved(stream, tenant, frames=1, usd=0.003) as aside:    # raises OverBudget
        …                                                                    # the call, and the document with its price
        aside.spend(0.0015)

What is spent is read from the documents (`use.paid`), again after the time in which the rest could be spent at the
fastest pace, and at each call once little is left. So instances together exceed a stream's budget by no more than the
calls that are on their way; of a tenant's it is known a minute late (`allowances`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from ...domain.errors import OverBudget
from ...domain.quotas import StreamQuota, day, used_up
from . import allowances, use

_USD_PER_SECOND, _FRAMES_PER_SECOND = 0.5, 100.0  # the fastest pace of a stream, an import with all its instances
_LEAST_USD = 0.0001  # less than any call costs
_MOST_SECONDS = 30.0
_MOST_STREAMS = 1024


@dataclass(slots=True)
class _Account:
    """A stream's day as this process knows it: read at `read_at`, with what it has spent since and has set aside."""

    day: datetime
    frames: int
    usd: float
    read_at: float
    aside_frames: int = 0
    aside_usd: float = 0.0


class Aside:
    """Money that is set aside for calls; what is spent of it stays spent, the rest goes back."""

    def __init__(self) -> None:
        self.usd = 0.0
        self._lock = threading.Lock()

    def spend(self, usd: float) -> None:
        """Spends `usd`, from any thread."""
        with self._lock:
            self.usd += usd


class Spending:
    """The accounts of streams in this process. Threads may share it."""

    def __init__(
        self,
        paid: Callable[[use.Owner, datetime], tuple[int, float]] = use.paid,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._paid, self._clock, self._now = paid, clock, now
        self._accounts: dict[str, _Account] = {}
        self._lock = threading.Lock()

    @contextmanager
    def reserved(self, stream: str, tenant: str, *, frames: int, usd: float) -> Generator[Aside]:
        """Sets `frames` and at most `usd` aside for the block. Raises OverBudget."""
        account, aside = self._set_aside(stream, tenant, frames, usd), Aside()
        try:
            yield aside
        finally:
            with self._lock:
                account.aside_frames -= frames
                account.aside_usd -= usd
                account.frames += frames if aside.usd else 0
                account.usd += aside.usd

    def check(self, stream: str, tenant: str) -> None:
        """Raises OverBudget where a stream may ask no paid provider any more today."""
        with self.reserved(stream, tenant, frames=1, usd=_LEAST_USD):
            return

    def forget(self) -> None:
        """Makes the next call read what is spent again."""
        with self._lock:
            self._accounts.clear()

    def _set_aside(self, stream: str, tenant: str, frames: int, usd: float) -> _Account:
        now = self._now()
        allowed = allowances.of(stream, tenant, now)
        if allowed.used.usd + usd > allowed.tenant.usd_day:
            raise OverBudget(used_up(f"tenant {tenant!r}", f"${allowed.tenant.usd_day:g} a day", now))
        if frames and allowed.used.frames + frames > allowed.tenant.frames_day:
            raise OverBudget(used_up(f"tenant {tenant!r}", f"{allowed.tenant.frames_day} analysed frames a day", now))
        account = self._account(stream, allowed.stream, now)
        with self._lock:
            if account.usd + account.aside_usd + usd > allowed.stream.usd_day:
                raise OverBudget(used_up(f"stream {stream!r}", f"${allowed.stream.usd_day:g} a day", now))
            if frames and account.frames + account.aside_frames + frames > allowed.stream.frames_day:
                raise OverBudget(
                    used_up(f"stream {stream!r}", f"{allowed.stream.frames_day} analysed frames a day", now)
                )
            account.aside_frames += frames
            account.aside_usd += usd
        return account

    def _account(self, stream: str, limits: StreamQuota, now: datetime) -> _Account:
        known = self._accounts.get(stream)
        if known is not None and known.day == day(now) and self._fresh(known, limits):
            return known
        read_at = self._clock()
        frames, usd = self._paid(use.stream(stream), day(now))
        with self._lock:
            account = self._accounts.get(stream)
            if account is None or account.day != day(now):
                if len(self._accounts) >= _MOST_STREAMS:
                    self._accounts.clear()
                account = self._accounts[stream] = _Account(day(now), frames, usd, read_at)
            account.frames, account.usd, account.read_at = frames, usd, read_at
        return account

    def _fresh(self, account: _Account, limits: StreamQuota) -> bool:
        if account.usd >= limits.usd_day or account.frames >= limits.frames_day:
            return self._clock() - account.read_at < _MOST_SECONDS  # what is spent stays spent
        left_usd = limits.usd_day - account.usd - account.aside_usd
        left_frames = limits.frames_day - account.frames - account.aside_frames
        holds = min(_MOST_SECONDS, left_usd / _USD_PER_SECOND, left_frames / _FRAMES_PER_SECOND)
        return self._clock() - account.read_at < holds


spending = Spending()
"""The accounts of this process."""
