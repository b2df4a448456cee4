"""Ports: the same for the same stack and name each time, unless another program has taken them.

They are derived from a word that is random for each stack: a site that is open in a browser of this machine does not
know where to look.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

FIRST, COUNT = 20000, 10000  # below the range that Linux hands out to clients (32768 and up)
_STEP = 2741  # prime to COUNT: each port is tried once


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether `host`:`port` can be bound now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def secret_of(folder: Path) -> str:
    """The random word of the stack in `folder`, made once: its addresses stay the same for as long as the folder."""
    file = folder / "ports"
    with suppress(FileExistsError):
        folder.mkdir(parents=True, exist_ok=True)
        made = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        os.write(made, secrets.token_hex(16).encode())
        os.close(made)
    return file.read_text()


class Ports:
    """The ports of one stack. Derived from a hash of `stack` and a name, because resources are declared in any order.

    `note` is told, in a sentence, of each port that was taken.
    """

    def __init__(self, stack: str, note: Callable[[str], None]) -> None:
        self._stack = stack
        self._note = note
        self._chosen: dict[str, int] = {}
        self._lock = threading.Lock()

    @property
    def hidden_host(self) -> str:
        """An address of loopback that is this stack's own, derived like the ports: no page can try all of them.

        127.0.0.1 where the system has no other, as macOS.
        """
        digest = hashlib.sha256(f"{self._stack}/host".encode()).digest()
        host = f"127.{digest[0] % 254 + 1}.{digest[1]}.{digest[2] % 254 + 1}"
        return host if is_free(0, host) else "127.0.0.1"

    def port_for(self, resource_name: str) -> int:
        """The port of what is named so: chosen once, free at that time."""
        with self._lock:
            if resource_name not in self._chosen:
                self._chosen[resource_name] = self._choose(resource_name)
            return self._chosen[resource_name]

    def _choose(self, name: str) -> int:
        digest = hashlib.sha256(f"{self._stack}/{name}".encode()).digest()
        start = int.from_bytes(digest[:8], "big")
        wanted = FIRST + start % COUNT
        for attempt in range(COUNT):
            port = FIRST + (start + attempt * _STEP) % COUNT
            if port not in self._chosen.values() and is_free(port):
                if port != wanted:
                    self._note(f"port {wanted} of {name} is taken; using {port} instead")
                return port
        raise OSError(f"no free port for {name} between {FIRST} and {FIRST + COUNT - 1}")
