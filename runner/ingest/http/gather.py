"""Waits until a live sender's bytes are worth a look: a thread that wakes often costs more than what it reads."""

from __future__ import annotations

import fcntl
import select
import socket
import termios

_BYTES = 128 << 10  # in the socket, after which the wait is over
_SECONDS = 0.2  # after which it is over, too


def gather(connection: socket.socket) -> int:
    """Waits for bytes, up to 0.2 s or 128 KiB. Returns how many lie in the socket."""
    poller = select.poll()
    poller.register(connection, select.POLLIN)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, _BYTES)
    try:
        poller.poll(_SECONDS * 1000)
    finally:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
    return int.from_bytes(fcntl.ioctl(connection, termios.FIONREAD, bytes(4)), "little")
