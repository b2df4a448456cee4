"""Connects to ingest, and reconnects with back-off for a limited time."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable

from .errors import Conflict, QuotaExceeded, SendError, Unavailable
from .websocket import Connection

_FIRST_PAUSE_SECONDS, _MAX_PAUSE_SECONDS = 0.25, 5.0  # doubled after each attempt
_HELD_SECONDS = 45.0  # ingest may take our own lost connection for another sender for this long


class Dial:
    """Calls `connect`. The first refusal is final; once connected, it retries for `give_up_after` seconds."""

    def __init__(
        self,
        connect: Callable[[], Connection],
        *,
        give_up_after: float = 300.0,
        stop: threading.Event,
        note: Callable[[str], None],
    ) -> None:
        self._connect, self._give_up_after, self._stop, self._note = connect, give_up_after, stop, note
        self._found: Connection | None = None
        self._refusal: SendError | None = None
        self._thread: threading.Thread | None = None

    def first(self) -> Connection:
        """Connects once. Raises SendError."""
        return self._connect()

    def again(self) -> Connection | None:
        """Waits for a new connection; returns None once stopped. Raises the error of the last attempt."""
        began, pause = time.monotonic(), _FIRST_PAUSE_SECONDS
        while not self._stop.is_set():
            try:
                return self._connect()
            except (Unavailable, QuotaExceeded, Conflict) as error:
                gone = time.monotonic() - began
                if gone > (_HELD_SECONDS if isinstance(error, Conflict) else self._give_up_after):
                    raise
                self._note(f"{error}; trying again")
            self._stop.wait(pause * random.uniform(0.5, 1.0))
            pause = min(pause * 2, _MAX_PAUSE_SECONDS)
        return None

    def meanwhile(self) -> Connection | None:
        """Like `again`, but does not wait: call it until it returns a connection. Raises SendError."""
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
        except SendError as error:
            self._refusal = error
