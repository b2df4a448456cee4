"""The connection to an instance, for one request: its answer is parsed, and handed on as it comes."""

from __future__ import annotations

import asyncio
from typing import Protocol, cast

import httptools

from .heads import Header

HIGH = 256 << 10  # bytes waiting to be written, from which on the other side is not read


class Listener(Protocol):
    """Whom the answer is for."""

    def answer_begins(self, status: int, phrase: bytes, headers: list[Header]) -> None:
        """Its head, without 1xx."""
        ...

    def answer_goes_on(self, data: bytes) -> None:
        """Takes the next bytes of the answer's body."""
        ...

    def answer_ends(self) -> None:
        """It is whole."""
        ...

    def invited(self) -> None:
        """100 Continue."""
        ...

    def switches(self, headers: list[Header], data: bytes) -> None:
        """101, and what came after it: from here on bytes go both ways."""
        ...

    def tunnelled(self, data: bytes) -> None:
        """Bytes after 101."""
        ...

    def instance_gone(self) -> None:
        """The connection has ended."""
        ...

    def instance_is_slow(self, slow: bool) -> None:
        """Whether it takes what is sent more slowly than it comes."""
        ...


class Upstream(asyncio.Protocol):
    """Calls `listener`, in order."""

    def __init__(self, listener: Listener, *, without_body: bool) -> None:
        """`without_body`: the answer to HEAD."""
        self._listener = listener
        self._without_body = without_body
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._headers: list[Header] = []
        self._phrase = b""
        self._until_end = False  # the answer ends where the connection does
        self._over = False
        self._tunnel = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=HIGH)

    def data_received(self, data: bytes) -> None:
        """See asyncio."""
        if self._tunnel:
            self._listener.tunnelled(data)
            return
        if self._over:
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._tunnel = True
            self._listener.switches(self._headers, data[upgrade.args[0] :])
        except httptools.HttpParserError:
            self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio."""
        if self._until_end and not self._over and exc is None:
            self._end()
        self._listener.instance_gone()

    def pause_writing(self) -> None:
        """See asyncio."""
        self._listener.instance_is_slow(True)

    def resume_writing(self) -> None:
        """See asyncio."""
        self._listener.instance_is_slow(False)

    def on_status(self, status: bytes) -> None:
        """See httptools."""
        self._phrase += status

    def on_header(self, name: bytes, value: bytes) -> None:
        """See httptools."""
        self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """See httptools."""
        status = self._parser.get_status_code()
        if status == 101:
            return
        if status < 200:
            if status == 100:
                self._listener.invited()
            return
        names = {name for name, _ in self._headers}
        self._until_end = not names & {b"content-length", b"transfer-encoding"} and status not in (204, 304)
        self._listener.answer_begins(status, self._phrase, self._headers)
        if self._without_body:
            self._end()

    def on_body(self, body: bytes) -> None:
        """See httptools."""
        if not self._over:
            self._listener.answer_goes_on(body)

    def on_message_complete(self) -> None:
        """See httptools."""
        status = self._parser.get_status_code()
        if status >= 200 and not self._over:
            self._end()
        elif status != 101:
            self._headers, self._phrase = [], b""

    def write(self, *data: bytes) -> None:
        """To the instance."""
        if self._transport and not self._transport.is_closing():
            self._transport.writelines(data)

    def end(self) -> None:
        """Nothing more will be sent to it."""
        if self._transport and not self._transport.is_closing():
            self._transport.write_eof()

    def close(self) -> None:
        """Ends the connection, once all is written."""
        if self._transport:
            self._transport.close()

    def abort(self) -> None:
        """Ends the connection now."""
        if self._transport:
            self._transport.abort()

    def hold(self, held: bool) -> None:
        """Whether its answer is left unread: the caller reads more slowly."""
        if self._transport and not self._transport.is_closing():
            if held:
                self._transport.pause_reading()
            else:
                self._transport.resume_reading()

    def _end(self) -> None:
        self._over = True
        self._listener.answer_ends()
