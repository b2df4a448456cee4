"""Closes a connection so that the sender can read why it ends."""

from __future__ import annotations

import socket
import time

_SECONDS, _BYTES = 2.0, 16 << 20
_STRANGER_SECONDS, _STRANGER_BYTES = 0.2, 1 << 20
_READ = 64 << 10


def linger(connection: socket.socket, *, stranger: bool = False) -> None:
    """Reads and drops what is on its way, for two seconds and 16 MiB at most, or until the sender closes.

    Closing a socket with unread bytes resets it, and a reset may overtake the answer. `stranger`: a sender without the
    right key may keep this thread a tenth as long, which takes what has arrived.
    """
    seconds, most = (_STRANGER_SECONDS, _STRANGER_BYTES) if stranger else (_SECONDS, _BYTES)
    deadline, taken = time.monotonic() + seconds, 0
    while taken < most and (left := deadline - time.monotonic()) > 0:
        try:
            connection.settimeout(left)
            count = len(connection.recv(_READ))
        except OSError:
            return
        if not count:
            return
        taken += count
