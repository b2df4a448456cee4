"""Socket activation, as systemd's: the supervisor listens, and starts the server when the first client connects.

`python stack/activation.py FD COMMAND…` becomes COMMAND with the listening socket FD where gunicorn looks for it
(sd_listen_fds(3): descriptor 3, LISTEN_FDS and LISTEN_PID).
"""

from __future__ import annotations

import os
import selectors
import socket
import sys

_FIRST = 3  # SD_LISTEN_FDS_START
_BACKLOG = 128


class Listener:
    """Listens on 127.0.0.1:`port` on behalf of a server that does not run yet. Raises OSError if the port is taken."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_server(("127.0.0.1", port), backlog=_BACKLOG)
        self._waker, self._woken = socket.socketpair()

    def wait(self) -> bool:
        """Returns True when a client has connected, which the server will answer; False after `cancel`."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            ready = [key.fileobj for key, _ in selector.select()]
        return self._woken not in ready

    def cancel(self) -> None:
        """Ends `wait`, now or when it begins; nothing after `close`."""
        if self._waker.fileno() >= 0:
            self._waker.send(b"\0")

    def handing_over(self, command: tuple[str, ...]) -> tuple[str, ...]:
        """`command`, which will have the socket where it looks for it; run it with `descriptors` passed on."""
        return (sys.executable, __file__, str(self._socket.fileno()), *command)

    @property
    def descriptors(self) -> tuple[int, ...]:
        """The descriptors that `subprocess` must pass on."""
        return (self._socket.fileno(),)

    def close(self) -> None:
        """Closes the socket here; the server that it was handed to keeps its own copy."""
        for end in (self._socket, self._waker, self._woken):
            end.close()


def main() -> None:
    """Never returns: this process becomes the command."""
    given, command = int(sys.argv[1]), sys.argv[2:]
    if given != _FIRST:
        os.dup2(given, _FIRST)
        os.close(given)
    os.environ |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
