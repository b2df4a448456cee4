"""The server's end of one WebSocket, on the thread of its request.

The socket is read only when the next message is wanted, so that a slow bucket slows the sender through TCP and nothing
is queued here. (Servers that read in their own thread keep an unbounded list.)
"""

from __future__ import annotations

import contextlib
import logging
import select
import socket
import threading
from typing import Any

from flask import Request
from websockets.datastructures import Headers
from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Request as Handshake
from websockets.protocol import State
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from pipeline.domain.errors import BadRequest, Unavailable

from .linger import linger

_quiet = logging.getLogger("ingest.http.websocket.frames")
_quiet.setLevel(logging.ERROR)  # it would log whole frames, the one with the key included
MAX_BYTES = 4 << 20  # of one message
_MAX_TEXT_BYTES = 16 << 10
_READ_BYTES = 64 << 10


class WebSocket:
    """An accepted connection. Call `receive` from one thread; `send` and `close` from any.

    `closed`: the code with which the other end closed, or None if it vanished. Set once `receive` has returned None.
    """

    def __init__(self, connection: socket.socket, protocol: ServerProtocol) -> None:
        self.closed: int | None = None
        self._connection = connection
        self._protocol = protocol
        self._writing = threading.Lock()
        self._frames: list[Frame] = []
        self._text: bytearray | None = None  # the text message that is being received

    def receive(self) -> str | bytes | None:
        """The next text message, or the bytes of the next binary frame; None at the end.

        Binary messages form one stream: their boundaries have no meaning. Raises BadRequest, TimeoutError.
        """
        while True:
            while self._frames:
                message = self._take(self._frames.pop(0))
                if message:
                    return message
            if self._protocol.state is not State.OPEN or not self._read():
                return None

    def send(self, text: str) -> None:
        """Sends a text message, unless the other end has gone."""
        with self._writing:
            if self._protocol.state is State.OPEN:
                self._protocol.send_text(text.encode())
                self._flush()

    def tell(self, text: str) -> None:
        """Sends a text message only if that does not block: a sender that reads nothing must not delay its session."""
        if select.select([], [self._connection], [], 0)[1]:
            self.send(text)

    def close(self, code: int, reason: str = "", *, stranger: bool = False) -> None:
        """Closes the connection and lingers, so that a sender in full flow reads why. `reason`: up to 123 bytes.
        `stranger`: see linger."""
        with self._writing:
            if self._protocol.state is State.OPEN:
                self._protocol.send_close(code, reason.encode()[:123].decode(errors="ignore"))
                self._flush()
        linger(self._connection, stranger=stranger)

    def timeout(self, seconds: float) -> None:
        """Sets how long `receive` waits for bytes before it raises TimeoutError."""
        self._connection.settimeout(seconds)

    def hang_up(self) -> None:
        """Ends `receive`, from another thread, even while it waits."""
        with contextlib.suppress(OSError):  # the other end has already gone
            self._connection.shutdown(socket.SHUT_RD)

    def _read(self) -> bool:
        try:
            data = self._connection.recv(_READ_BYTES)
        except TimeoutError:
            raise
        except OSError:
            return False
        with self._writing:
            if data:
                self._protocol.receive_data(data)
            else:
                self._protocol.receive_eof()
            self._frames += [event for event in self._protocol.events_received() if isinstance(event, Frame)]
            self._flush()
        if isinstance(error := self._protocol.parser_exc, EOFError) or error is None:
            return bool(data)
        raise BadRequest(
            f"the peer broke the WebSocket protocol, or sent more than {MAX_BYTES >> 20} MiB in one message: {error}"
        )

    def _take(self, frame: Frame) -> str | bytes | None:
        if frame.opcode is Opcode.CLOSE:
            self.closed = self._protocol.close_rcvd.code if self._protocol.close_rcvd else int(CloseCode.NO_STATUS_RCVD)
            return None
        if frame.opcode is Opcode.TEXT:
            self._text = bytearray()
        elif frame.opcode is Opcode.BINARY:
            self._text = None
        elif frame.opcode is not Opcode.CONT:
            return None  # pings are answered by the protocol
        if self._text is None:
            return bytes(frame.data)
        self._text += frame.data
        if len(self._text) > _MAX_TEXT_BYTES:
            raise BadRequest(f"a text message is larger than {_MAX_TEXT_BYTES >> 10} KiB")
        if not frame.fin:
            return None
        text, self._text = bytes(self._text), None
        try:
            return text.decode()
        except UnicodeDecodeError:
            raise BadRequest("invalid text message: expected UTF-8") from None

    def _flush(self) -> None:
        """Writes the protocol's pending bytes. A broken connection is noticed when it is read."""
        with contextlib.suppress(OSError):
            for data in self._protocol.data_to_send():
                if data:
                    self._connection.sendall(data)
                else:
                    self._connection.shutdown(socket.SHUT_WR)


def accept(request: Request, protocol: str) -> WebSocket:
    """Upgrades a request under gunicorn, to `protocol` if the handshake offers it. Raises BadRequest unless it is a
    WebSocket handshake."""
    connection: Any = request.environ.get("gunicorn.socket")
    if connection is None:
        raise Unavailable("this server cannot upgrade a connection")
    handshake = ServerProtocol(
        select_subprotocol=lambda _, offered: Subprotocol(protocol) if protocol in offered else None
    )
    headers = Headers([(str(name), str(value)) for name, value in request.headers.items()])
    response = handshake.accept(Handshake(request.path, headers, request.method, request.environ["SERVER_PROTOCOL"]))
    if response.status_code != 101:
        raise BadRequest(f"the WebSocket could not be opened: {handshake.handshake_exc}")
    connection.sendall(response.serialize())
    return WebSocket(connection, ServerProtocol(state=State.OPEN, max_size=MAX_BYTES, logger=_quiet))
