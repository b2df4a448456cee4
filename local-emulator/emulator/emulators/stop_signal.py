"""The signal that ends an emulator."""

from __future__ import annotations

import signal
import threading
from types import FrameType


def stop_signal() -> threading.Event:
    """An event that SIGTERM and SIGINT set from now on. Only in a process's main thread."""
    stopped = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    return stopped
