"""A stand-in for ingest's WebSocket (docs/contracts.md) whose moods a test sets. The real one is in tests/e2e."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.unit.sender.wsserver import said_in_handshake
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve
from websockets.typing import Subprotocol

SESSION = "20260301T120000Z-abc123"
EBML = b"\x1aE\xdf\xa3"  # how Matroska and WebM begin


@dataclass
class Connection:
    """One connection as it came: the key and origin of its handshake, the bytes, and whether it ended cleanly."""

    hello: dict[str, Any]
    data: bytearray = field(default_factory=bytearray)
    ended: bool = False


class IngestDouble:
    """Takes streams on a free port. `refusal` is what the next connections are answered."""

    def __init__(self) -> None:
        self.connections: list[Connection] = []
        self.paths: list[str] = []
        self.refusal: dict[str, Any] | None = None
        self._open: list[ServerConnection] = []
        self._server: Server = serve(
            self._take, "127.0.0.1", 0, max_size=4 << 20, subprotocols=[Subprotocol("media-analyzer")]
        )
        self.port = int(self._server.socket.getsockname()[1])
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Breaks all connections off, without a word."""
        for connection in self._open:
            connection.socket.close()

    def tell(self, **message: Any) -> None:
        for connection in self._open:
            connection.send(json.dumps(message))

    def close(self) -> None:
        self.cut()
        self._server.shutdown()

    def _take(self, socket: ServerConnection) -> None:
        assert socket.request
        self.paths.append(urlsplit(socket.request.path).path)
        hello = said_in_handshake(socket)
        if self.refusal:
            socket.send(json.dumps({"type": "error", **self.refusal}))
            socket.close(4000 + int(self.refusal["status"]))
            return
        connection = Connection(hello)
        self.connections.append(connection)
        self._open.append(socket)
        try:
            socket.send(json.dumps({"type": "accepted", "session": None}))
            self._listen(socket, connection)
        except (ConnectionClosed, OSError):
            return  # the page broke off, or the test did
        finally:
            self._open.remove(socket)

    def _listen(self, socket: ServerConnection, connection: Connection) -> None:
        for message in socket:
            if isinstance(message, bytes):
                connection.data += message
                segments = 1 + len(connection.data) // 200_000
                said = {"session": SESSION, "segments": segments, "media_seconds": 2.0 * segments}
                socket.send(json.dumps({"type": "stored", **said}))
            elif json.loads(message)["type"] == "end":
                connection.ended = True
                said = {"session": SESSION, "segments": 3, "media_seconds": 5.5}
                socket.send(json.dumps({"type": "ended", "playlist": "p", **said}))
                return
