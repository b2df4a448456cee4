"""Calls what is scheduled, as Cloud Scheduler does: at its minute, once, and again only at the next."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from cronsim import CronSim


@dataclass(frozen=True, slots=True)
class Timer:
    """A call of `url` at `cron` (UTC) that may take `deadline` seconds."""

    name: str
    cron: str
    url: str
    method: str
    deadline: float


class Timers:
    """Every timer of a stack, each in a thread. `say` is told of calls that failed."""

    def __init__(self, say: Callable[[str], None], clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._say = say
        self._clock = clock
        self._stopping = threading.Event()

    def start(self, timer: Timer) -> None:
        """Calls it from its next time on, until `stop`."""
        threading.Thread(target=self._run, args=(timer,), name=f"timer {timer.name}", daemon=True).start()

    def stop(self) -> None:
        """No more calls; one that is under way is not waited for."""
        self._stopping.set()

    def _run(self, timer: Timer) -> None:
        while True:
            now = self._clock()
            due = next(CronSim(timer.cron, now))
            if self._stopping.wait((due - now).total_seconds()):
                return
            self._call(timer, due)

    def _call(self, timer: Timer, due: datetime) -> None:
        headers = {
            "User-Agent": "Google-Cloud-Scheduler",
            "X-CloudScheduler": "true",
            "X-CloudScheduler-JobName": timer.name,
            "X-CloudScheduler-ScheduleTime": due.isoformat().replace("+00:00", "Z"),
        }
        request = urllib.request.Request(timer.url, b"", headers, method=timer.method)
        try:
            with urllib.request.urlopen(request, timeout=timer.deadline):
                return
        except (OSError, urllib.error.HTTPError) as error:
            self._say(f"timer {timer.name}: {timer.url} answered {error}")
