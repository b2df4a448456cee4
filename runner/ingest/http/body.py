"""The body of a request, as a source of bytes whose connection is closed so that the sender notices."""

from __future__ import annotations

import socket
from typing import IO

from gunicorn.http.errors import ParseException
from werkzeug import Request

from .gather import gather
from .linger import linger

_MIN_READ_BYTES, _MAX_READ_BYTES = 8 << 10, 256 << 10
_MAX_REMAINING_BYTES = 4 << 20
_FRAMING = 16  # a sixteenth of what comes, at most, frames the chunks of a chunked body


class Body:
    """Reads a request's body until it ends, breaks off, falls silent for `timeout` seconds, or `stop` is called.

    `broken`: the sender did not end it. `full`: it was longer than `most` bytes, and the rest is left unread.
    """

    def __init__(
        self,
        stream: IO[bytes],
        connection: socket.socket | None,
        timeout: float,
        *,
        expects: bool,
        length: int | None = None,
        most: int = 0,
        live: bool = False,
    ) -> None:
        """`live`: its bytes come as slowly as they are made, and are read a few times a second."""
        self.ended = False
        self.full = False
        self._most = most
        self._taken = 0
        self.stopped = False
        self.broken = False
        self._stream = stream
        self._connection = connection
        self._expects = expects  # "Expect: 100-continue": the sender waits to be asked
        self._live = live
        self._left = b""
        self._due = length  # bytes still to come, if the sender declared a length
        if connection:
            connection.settimeout(timeout)

    @classmethod
    def of(cls, request: Request, timeout: float, most: int = 0, *, live: bool = False) -> Body:
        """The body of a request under gunicorn. `most`: the most bytes to read; 0 for no limit. `live`: see above."""
        return cls(
            request.environ["wsgi.input"],
            request.environ.get("gunicorn.socket"),
            timeout,
            expects=request.headers.get("Expect", "").lower() == "100-continue",
            length=request.content_length,
            most=most,
            live=live,
        )

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; none at the end of the body, or once the sender has broken off."""
        if not self._left and not self.ended:
            self._fill(size)
        data, self._left = self._left[:size], self._left[size:]
        return data

    def _fill(self, size: int) -> None:
        self.ended = self.stopped  # bytes that came before the stop are still read
        try:
            self._invite()
            self._left = self._stream.read(self._size(size))
        except (OSError, ParseException):
            self._left = self._remains()
            self.ended = self.broken = True
        self._count(len(self._left))

    def _size(self, size: int) -> int:
        """The bytes to ask the server for, which waits until it has them all."""
        if not self._connection or not self._live:
            return min(size, _MAX_READ_BYTES)
        came = gather(self._connection)
        return min(max(came - came // _FRAMING, _MIN_READ_BYTES), _MAX_READ_BYTES)

    def _count(self, came: int) -> None:
        if self._due is not None:
            self._due -= came
        self._taken += came
        if not came:
            self.ended = True
            self.broken |= bool(self._due)
        elif self._most and self._taken >= self._most:
            self.ended = self.full = self.broken = True

    def _remains(self) -> bytes:
        """The bytes that the server had read when the sender broke off, while it waited for a full read."""
        if self._connection:
            _shut(self._connection, socket.SHUT_RD)
        try:
            return self._stream.read(_MAX_REMAINING_BYTES)
        except (OSError, ParseException):
            return b""

    def stop(self) -> None:
        """Ends the source from another thread, even while `read` waits for bytes."""
        self.stopped = self.broken = True
        if self._connection:
            _shut(self._connection, socket.SHUT_RD)

    def linger(self, *, stranger: bool = False) -> None:
        """After an answer that came before the body's end: takes a little more, so that the answer is read; of a
        `stranger` less.

        A sender that goes on regardless is cut off, which is how those that never read (ffmpeg) notice.
        """
        if (self.ended and not self.full) or not self._connection:
            return
        _shut(self._connection, socket.SHUT_WR)
        linger(self._connection, stranger=stranger)

    def _invite(self) -> None:
        if self._expects and self._connection:
            self._expects = False
            self._connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


def _shut(connection: socket.socket, how: int) -> None:
    try:
        connection.shutdown(how)
    except OSError:
        return  # the sender has gone already
