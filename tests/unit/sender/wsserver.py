"""An ingest that speaks the WebSocket protocol and does what a test wants."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve
from websockets.typing import Subprotocol

KEY = "the-key"
_SERVED: dict[str, Any] = {"compression": None, "max_size": None, "subprotocols": [Subprotocol("media-analyzer")]}


@dataclass
class Leg:
    """One connection: what came over it, and how it ended (`end`, `error`, or None for neither)."""

    socket: ServerConnection
    hello: dict[str, Any]
    data: bytearray = field(default_factory=bytearray)
    ended: str | None = None
    detail: str = ""

    @property
    def path(self) -> str:
        """The path of its address."""
        assert self.socket.request
        return self.socket.request.path

    def say(self, **message: Any) -> None:
        self.socket.send(json.dumps(message))

    def refuse(self, status: int, detail: str) -> None:
        self.say(type="error", status=status, title="No", detail=detail)
        self.socket.close(4000 + status)


@dataclass
class Ingest:
    """`greet` is given each connection before it is accepted, `hear` after each message; both may refuse or close."""

    url: str = ""
    legs: list[Leg] = field(default_factory=list[Leg])
    greet: Callable[[Leg], None] = lambda leg: None
    hear: Callable[[Leg], None] = lambda leg: None

    def serve(self, socket: ServerConnection) -> None:
        leg = Leg(socket, said_in_handshake(socket))
        self.legs.append(leg)
        try:
            self._serve(leg)
        except ConnectionClosed:
            return

    def _serve(self, leg: Leg) -> None:
        if leg.hello["key"] != KEY:
            leg.refuse(401, "the key for stream 'demo' is missing or wrong")
            return
        self.greet(leg)
        leg.say(type="accepted", session="s")
        for message in leg.socket:
            if isinstance(message, bytes):
                leg.data += message
                self.hear(leg)
                continue
            said = json.loads(message)
            leg.ended, leg.detail = said["type"], said.get("detail", "")
            if leg.ended == "end":
                leg.say(type="ended", session="s", segments=len(self.legs))
            else:
                leg.refuse(415, leg.detail)
            leg.socket.close()


def said_in_handshake(socket: ServerConnection) -> dict[str, Any]:
    """The key among the offered protocols, and the origin in the address."""
    assert socket.request
    offered = socket.request.headers["Sec-WebSocket-Protocol"].split(", ")
    data = next(one.removeprefix("key.") for one in offered if one.startswith("key."))
    key = base64.urlsafe_b64decode(data + "=" * (-len(data) % 4)).decode()
    return {"key": key, "origin": parse_qs(urlsplit(socket.request.path).query)["origin"][0]}


@contextmanager
def listening() -> Iterator[Ingest]:
    """An ingest on a free port."""
    ingest = Ingest()
    with serve(ingest.serve, "127.0.0.1", 0, **_SERVED) as server:
        ingest.url = f"http://127.0.0.1:{server.socket.getsockname()[1]}/streams/demo"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield ingest
        server.shutdown()
        thread.join()
