"""The server's end of one WebSocket, on the thread of its request.

The socket is read only when somebody wants the next message, so a slow bucket slows the sender through TCP and nothing
is queued here. (Servers that read in a thread of their own keep an unbounded list instead.)
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

from pipeline.domain.errors import BadRequest, Unavailable

from .linger import linger

_quiet = logging.getLogger("ingest.http.websocket.frames")
_quiet.setLevel(logging.ERROR)  # whole frames otherwise, the one with the key among them
MOST_BYTES = 4 << 20  # of one message
_MOST_TEXT = 16 << 10
_READ = 64 << 10


class WebSocket:
    """An accepted connection. `receive` from one thread; `send` and `close` from any.

    `closed` is the code with which the other end closed, None where it vanished; it is known once `receive` gave None.
    """

    def __init__(self, connection: socket.socket, protocol: ServerProtocol) -> None:
        self.closed: int | None = None
        self._connection = connection
        self._protocol = protocol
        self._writing = threading.Lock()
        self._frames: list[Frame] = []
        self._text: bytearray | None = None  # the message that is being received, where it is text

    def receive(self) -> str | bytes | None:
        """The next text message, or the bytes of the next binary frame; None once there is nothing more to come.

        Binary messages make one stream, so where one ends is nobody's concern. Raises BadRequest, TimeoutError.
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
        """The same for what may be left out: a sender that reads nothing must not hold anybody up."""
        if select.select([], [self._connection], [], 0)[1]:
            self.send(text)

    def close(self, code: int, reason: str = "") -> None:
        """Ends the connection; waits a little, so that a sender in full flow reads why. `reason`: up to 123 bytes."""
        with self._writing:
            if self._protocol.state is State.OPEN:
                self._protocol.send_close(code, reason.encode()[:123].decode(errors="ignore"))
                self._flush()
        linger(self._connection)

    def timeout(self, seconds: float) -> None:
        """How long `receive` waits for bytes before it raises TimeoutError."""
        self._connection.settimeout(seconds)

    def hang_up(self) -> None:
        """Ends `receive`, from another thread, even while it waits."""
        with contextlib.suppress(OSError):  # the other end has gone already
            self._connection.shutdown(socket.SHUT_RD)

    def _read(self) -> bool:
        try:
            data = self._connection.recv(_READ)
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
        raise BadRequest(f"the WebSocket carried what is none, or a message of over {MOST_BYTES >> 20} MiB: {error}")

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
        if len(self._text) > _MOST_TEXT:
            raise BadRequest(f"a text message is larger than {_MOST_TEXT >> 10} KiB")
        if not frame.fin:
            return None
        text, self._text = bytes(self._text), None
        try:
            return text.decode()
        except UnicodeDecodeError:
            raise BadRequest("a text message is no UTF-8") from None

    def _flush(self) -> None:
        """Writes what the protocol has to say. A connection that has gone shows when it is read."""
        with contextlib.suppress(OSError):
            for data in self._protocol.data_to_send():
                if data:
                    self._connection.sendall(data)
                else:
                    self._connection.shutdown(socket.SHUT_WR)


def accept(request: Request) -> WebSocket:
    """Upgrades a request under gunicorn. Raises BadRequest where it is no WebSocket handshake."""
    connection: Any = request.environ.get("gunicorn.socket")
    if connection is None:
        raise Unavailable("this server cannot upgrade a connection")
    handshake = ServerProtocol()
    headers = Headers([(str(name), str(value)) for name, value in request.headers.items()])
    response = handshake.accept(Handshake(request.path, headers, request.method, request.environ["SERVER_PROTOCOL"]))
    if response.status_code != 101:
        raise BadRequest(f"the WebSocket could not be opened: {handshake.handshake_exc}")
    connection.sendall(response.serialize())
    return WebSocket(connection, ServerProtocol(state=State.OPEN, max_size=MOST_BYTES, logger=_quiet))
