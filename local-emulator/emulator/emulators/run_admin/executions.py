"""Every execution that this process has started."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .registered import JobSpec
from .running import Running

_MAX_EXECUTIONS = 1000  # executions remembered; older ones that have ended are forgotten


class Executions:
    """All of them; `most` run at a time, the others wait."""

    def __init__(self, logs: Path, most: int) -> None:
        self._logs = logs
        self._pool = ThreadPoolExecutor(most, thread_name_prefix="execution")
        self._lock = threading.Lock()
        self._by_name: dict[str, Running] = {}

    def start(self, spec: JobSpec, log_name: str) -> Running:
        """A new execution."""
        running = Running(spec, self._logs, log_name)
        with self._lock:
            self._forget()
            self._by_name[running.name] = running
        self._pool.submit(running.run)
        return running

    def find(self, matches: Callable[[Running], bool]) -> list[Running]:
        """Those that match, the newest first."""
        with self._lock:
            return [running for running in reversed(self._by_name.values()) if matches(running)]

    def stop(self) -> None:
        """Ends all that run, as if cancelled."""
        for running in self.find(lambda running: not running.ended.is_set()):
            running.cancelled.set()
        self._pool.shutdown(cancel_futures=True)

    def _forget(self) -> None:
        ended = [name for name, running in self._by_name.items() if running.ended.is_set()]
        for name in ended[: max(0, len(self._by_name) - _MAX_EXECUTIONS)]:
            del self._by_name[name]
