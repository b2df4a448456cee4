"""Closes a connection so that the sender can read why it ends."""

from __future__ import annotations

import socket
import threading
import time

_SECONDS, _BYTES = 2.0, 16 << 20
_SILENCE_SECONDS = 0.2
_READ = 64 << 10
_STRANGERS = threading.BoundedSemaphore(8)


def linger(connection: socket.socket, *, stranger: bool = False) -> None:
    """Reads and drops what is on its way, for two seconds and 16 MiB at most, or until the sender closes.

    Closing a socket with unread bytes resets it, and a reset may overtake the answer. `stranger`: a sender without the
    right key keeps this thread only while it is in full flow, and only beside seven others.
    """
    if stranger and not _STRANGERS.acquire(blocking=False):
        return
    try:
        _drain(connection, _SILENCE_SECONDS if stranger else _SECONDS)
    finally:
        if stranger:
            _STRANGERS.release()


def _drain(connection: socket.socket, silence: float) -> None:
    deadline, taken = time.monotonic() + _SECONDS, 0
    while taken < _BYTES and (left := deadline - time.monotonic()) > 0:
        try:
            connection.settimeout(min(left, silence))
            count = len(connection.recv(_READ))
        except OSError:
            return
        if not count:
            return
        taken += count
