"""Getting a connection, and getting it again: with back-off, and for as long as there is hope."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable

from pipeline.domain.errors import Conflict, MediaAnalyzerError, QuotaExceeded, Unavailable

from .websocket import Connection

_FIRST, _LAST = 0.25, 5.0  # seconds between attempts, doubled each time
_HELD_SECONDS = 45.0  # for so long ingest may take our own lost connection for somebody else


class Dial:
    """Connects to `url`. The first refusal is final; once connected, it tries again for `hope` seconds."""

    def __init__(
        self,
        connect: Callable[[], Connection],
        *,
        hope: float = 300.0,
        stop: threading.Event,
        note: Callable[[str], None],
    ) -> None:
        self._connect, self._hope, self._stop, self._note = connect, hope, stop, note
        self._found: Connection | None = None
        self._refusal: MediaAnalyzerError | None = None
        self._thread: threading.Thread | None = None

    def first(self) -> Connection:
        """A connection. Raises whatever ingest, or the network, says."""
        return self._connect()

    def again(self) -> Connection | None:
        """A new connection after one broke off, waited for; None once stopped. Raises what ended the hope."""
        began, pause = time.monotonic(), _FIRST
        while not self._stop.is_set():
            try:
                return self._connect()
            except (Unavailable, QuotaExceeded, Conflict) as error:
                gone = time.monotonic() - began
                if gone > (_HELD_SECONDS if isinstance(error, Conflict) else self._hope):
                    raise
                self._note(f"{error}; trying again")
            self._stop.wait(pause * random.uniform(0.5, 1.0))
            pause = min(pause * 2, _LAST)
        return None

    def meanwhile(self) -> Connection | None:
        """The same without waiting, for who has something to do meanwhile: call it until there is a connection."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._try, name="push-dial", daemon=True)
            self._thread.start()
        if self._thread.is_alive():
            return None
        self._thread = None
        if self._refusal:
            raise self._refusal
        return self._found

    def _try(self) -> None:
        self._found = None
        try:
            self._found = self.again()
        except MediaAnalyzerError as error:
            self._refusal = error
