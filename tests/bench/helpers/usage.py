"""CPU and memory of a running stack, by what its processes are."""

from __future__ import annotations

import os
import time
from collections import defaultdict

import psutil

from emulator.processes.pids import descendants
from emulator.stack import control

_IDLE = 0.01  # cores


class Usage:
    """Looks at every process of a stack; `groups` says what they used since it was made."""

    def __init__(self, name: str) -> None:
        state = control.find(name)
        assert state
        self.cores = os.cpu_count() or 1
        self.memory = psutil.virtual_memory().total / 1e6
        self._begun = time.monotonic()
        self._roots = {label: each.pid for label, each in state.resources.items() if each.pid}
        self._cpu: dict[int, tuple[str, float, float]] = {}  # by process: group, CPU seconds at first and now
        self._most: defaultdict[str, float] = defaultdict(float)
        self.look()

    def look(self) -> None:
        """Once a second or so: a process that comes and goes in between is not seen."""
        sums: defaultdict[str, float] = defaultdict(float)
        for label, pid in self._roots.items():
            for process in descendants(pid):
                try:
                    times, memory = process.cpu_times(), process.memory_info().rss / 1e6
                except psutil.Error:
                    continue  # it has ended
                now = times.user + times.system
                first = self._cpu[process.pid][1] if process.pid in self._cpu else now
                self._cpu[process.pid] = (label, first, now)
                sums[label] += memory
        for label, memory in sums.items():
            self._most[label] = max(self._most[label], memory)

    def groups(self) -> dict[str, tuple[float, float]]:
        """(cores used on average, most MB) of each group, the busiest first; the idle ones together."""
        elapsed = time.monotonic() - self._begun
        used: defaultdict[str, float] = defaultdict(float)
        for label, first, now in self._cpu.values():
            used[label] += (now - first) / elapsed
        busy = {label: (used[label], self._most[label]) for label in sorted(used, key=lambda one: -used[one])}
        idle = {label: busy.pop(label) for label in list(busy) if busy[label][0] < _IDLE}
        return busy | {f"{len(idle)} others": (sum(c for c, _ in idle.values()), sum(m for _, m in idle.values()))}
