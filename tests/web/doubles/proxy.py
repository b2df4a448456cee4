"""A TCP proxy on loopback that can be cut: what is behind it goes away for its clients, and comes back."""

from __future__ import annotations

import contextlib
import select
import socket
import threading


class Proxy:
    """Forwards to a port. `cut()` drops all connections and refuses new ones; `mend()` lets them in again. `refused` is
    set once one was refused, `left` once a client has ended its channel to Firestore."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._whole = threading.Event()
        self._whole.set()
        self._closed = False
        self.refused = threading.Event()
        self.left = threading.Event()
        self._lock = threading.Lock()
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        with self._lock:
            self._whole.clear()
            for pair in self._pairs:
                for end in pair:
                    with contextlib.suppress(OSError):
                        end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self._whole.set()

    def close(self) -> None:
        self._closed = True
        self.cut()
        self._listener.close()

    def _accept(self) -> None:
        while not self._closed:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:  # or a connection that is being made would outlive a cut
                if not self._whole.is_set():
                    client.close()
                    self.refused.set()
                    continue
                server = socket.create_connection(("127.0.0.1", self._target))
                self._pairs.add((client, server))
            threading.Thread(target=self._forward, args=(client, server), daemon=True).start()

    def _forward(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while self._pass_on(client, server):
                pass
        with self._lock:
            self._pairs.discard((client, server))
        client.close()
        server.close()

    def _pass_on(self, client: socket.socket, server: socket.socket) -> bool:
        """One round; False when either end has closed."""
        readable, _, _ = select.select((client, server), (), ())
        for source in readable:
            data = source.recv(65536)
            if not data:
                return False
            if source is client and b"TYPE=terminate" in data:
                self.left.set()
            (server if source is client else client).sendall(data)
        return True
