"""Memory that is declared is a limit: an instance that takes more is ended, as Cloud Run ends it.

There a control group keeps it. Few laptops let a process make one, so the supervisor looks once a second instead: what
takes more for a shorter time than that passes here, and not there.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from typing import Protocol

import psutil

from .pids import descendants

_INTERVAL_SECONDS = 1.0  # s
_UNITS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30}


class Limited(Protocol):
    """A process with a limit. `memory` is in bytes, 0 for none."""

    @property
    def pid(self) -> int | None:
        """Its id while it runs."""
        ...

    @property
    def memory(self) -> int:
        """The limit."""
        ...

    def exceeded(self, used: int) -> None:
        """It has taken `used` bytes: it must end."""
        ...


def parse(quantity: str) -> int:
    """Bytes of what Cloud Run calls `512Mi` or `1Gi`. Raises ValueError."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([A-Za-z]*)", quantity)
    if not found or found[2] not in _UNITS:
        raise ValueError(f"invalid amount of memory {quantity!r}: expected 512Mi, 1Gi, …")
    return int(float(found[1]) * _UNITS[found[2]])


def in_words(size: int) -> str:
    """`1 GiB`, `512 MiB`."""
    return f"{size / (1 << 30):.3g} GiB" if size >= 1 << 30 else f"{size >> 20} MiB"


def used_by(pid: int, enough: int = 0) -> int:
    """Bytes that a process and all below it hold, shared pages divided among them.

    Resident sizes count shared pages once for each process; they will do while their sum is below `enough`.
    """
    family = descendants(pid)
    resident = sum(_size(process, exact=False) for process in family)
    return sum(_size(process, exact=True) for process in family) if resident >= enough else resident


def _size(process: psutil.Process, *, exact: bool) -> int:
    try:
        if not exact:
            return int(process.memory_info().rss)
        found = process.memory_full_info()
        return int(getattr(found, "pss", found.uss))
    except psutil.Error:
        return 0


class MemoryWatch:
    """Looks at all `processes` once a second, until it is stopped."""

    def __init__(self, processes: Callable[[], Sequence[Limited]], every: float = _INTERVAL_SECONDS) -> None:
        self._processes = processes
        self._every = every
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="memory", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Looks no more."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(self._every):
            for process in self._processes():
                pid, limit = process.pid, process.memory
                if pid and limit and (used := used_by(pid, limit)) > limit:
                    process.exceeded(used)
