"""Documents that are written more than once a second: each workload tells by UDP what it writes (firestore.record)."""

from __future__ import annotations

import socket
import threading
import time

from ...rates import Excess, WriteRates

_MAX_DATAGRAM_BYTES = 1 << 16  # bytes of a datagram


class DocumentWrites:
    """Counts what comes to `address` (host:port, free for this stack) from `start` to `stop`."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._rates, self._lock = WriteRates(), threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._receive, name="document writes", daemon=True)

    def start(self) -> None:
        """Begins to count."""
        self._thread.start()

    def stop(self) -> None:
        """Counts no more."""
        self._stopping.set()
        if self._thread.is_alive():
            self._socket.sendto(b"", self._socket.getsockname())  # wakes it
            self._thread.join()
        self._socket.close()

    def over(self) -> list[Excess]:
        """The documents that were written too fast, the worst first."""
        with self._lock:
            return self._rates.over()

    def _receive(self) -> None:
        while not self._stopping.is_set():
            told, at = self._socket.recv(_MAX_DATAGRAM_BYTES), time.monotonic()
            with self._lock:
                for path in told.decode(errors="replace").splitlines():
                    self._rates.note(path, at)
