"""A caller's connection: its requests are served one after the other, each by whichever instance is next."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import cast

import httptools

from .answers import MALFORMED
from .exchange import Exchange
from .heads import Header, Request
from .pool import Pool
from .record import Outcome
from .upstream import HIGH
from .workload import Workload

Told = Callable[[Exchange, Outcome, str], None]
"""Hears of each request that was served: what became of it, and its caller's address."""
_AHEAD = 1 << 20  # bytes that are read before there is an instance to take them
_LINGER_SECONDS = 2.0  # for which a caller that is still sending may read why it was refused


class Client(asyncio.Protocol):
    """See asyncio and httptools for the methods that they call."""

    def __init__(self, workload: Workload, pool: Pool, told: Told) -> None:
        self.address = ""
        self.gone = False
        self._workload = workload
        self._pool = pool
        self._told = told
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpRequestParser(self)
        self._target = b""
        self._headers: list[Header] = []
        self._requests: deque[Exchange] = deque()  # the first one is being served
        self._reading: Exchange | None = None  # whose body comes in
        self._tunnel: Exchange | None = None
        self._offered: Request | None = None  # an upgrade that is not taken up
        self._serving: asyncio.Task[None] | None = None
        self._held = False  # the instance is slow
        self._paused = False
        self._over = False  # what comes in is dropped

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=HIGH)
        self.address = self._transport.get_extra_info("peername")[0]

    def data_received(self, data: bytes) -> None:
        """See asyncio."""
        if self._over:
            return
        if self._tunnel:
            self._tunnel.take(data)
            self.flow()
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserError:
            self._refuse()
        self.flow()

    def eof_received(self) -> bool:
        """See asyncio: the connection stays open for the answer."""
        if self._tunnel:
            self._tunnel.broken_off()
        elif self._reading:
            self._reading.broken_off()
        elif not self._requests:
            return False
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio."""
        self.gone = True
        for request in self._requests:
            request.left()

    def pause_writing(self) -> None:
        """See asyncio."""
        if self._requests:
            self._requests[0].caller_is_slow(True)

    def resume_writing(self) -> None:
        """See asyncio."""
        if self._requests:
            self._requests[0].caller_is_slow(False)

    def on_message_begin(self) -> None:
        """See httptools."""
        self._target, self._headers = b"", []

    def on_url(self, url: bytes) -> None:
        """See httptools."""
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """See httptools."""
        self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """See httptools."""
        method, version = self._parser.get_method(), self._parser.get_http_version()
        request = Request(method, self._target, version, self._headers, self._parser.should_keep_alive())
        if self._parser.should_upgrade() and not request.is_websocket:
            self._offered = request
            return
        self._reading = Exchange(self._workload, self._pool, self, request)
        self._requests.append(self._reading)
        if self._serving is None:
            self._serving = asyncio.get_running_loop().create_task(self._serve())

    def on_body(self, body: bytes) -> None:
        """See httptools."""
        if self._reading:
            self._reading.take(body)

    def on_message_complete(self) -> None:
        """See httptools."""
        if self._reading:
            self._reading.whole()
        self._reading = None

    def write(self, *data: bytes) -> None:
        """To the caller."""
        if self._transport and not self._transport.is_closing():
            self._transport.writelines(data)

    def end(self) -> None:
        """Nothing more comes: the caller reads what there is, and has a moment to leave."""
        self._over = True
        if not self._transport or self._transport.is_closing():
            return
        if self._transport.can_write_eof():
            self._transport.write_eof()
        self._transport.resume_reading()
        asyncio.get_running_loop().call_later(_LINGER_SECONDS, self._transport.close)

    def abort(self) -> None:
        """Cuts the connection."""
        self._over = True
        if self._transport:
            self._transport.abort()

    def hold(self, held: bool) -> None:
        """Whether what the caller sends is left unread."""
        self._held = held
        self.flow()

    def flow(self) -> None:
        """Reads on, or not: after what is held or buffered has changed."""
        if not self._transport or self._transport.is_closing() or self._over:
            return
        stop = self._held or sum(request.buffered for request in self._requests) > _AHEAD
        if stop != self._paused:
            self._paused = stop
            if stop:
                self._transport.pause_reading()
            else:
                self._transport.resume_reading()

    def _upgrade(self, rest: bytes) -> None:
        if self._offered:  # another protocol than WebSocket: HTTP/1.1 goes on, as if it had not been
            head, self._offered = self._offered.without_upgrade(), None
            self._parser = httptools.HttpRequestParser(self)
            self.data_received(head + rest)
            return
        self._tunnel = self._requests[-1]
        if rest:
            self._tunnel.take(rest)

    def _refuse(self) -> None:
        self._over = True
        if not self._requests:
            self.write(MALFORMED.encoded())
            self.end()

    async def _serve(self) -> None:
        while self._requests:
            exchange = self._requests[0]
            outcome = await exchange.serve()
            self._told(exchange, outcome, self.address)
            self._requests.popleft()
            self._held = False
            if not exchange.reusable and not self.gone:
                for later in self._requests:
                    later.left()
                self._requests.clear()
                self._finish(exchange)
            self.flow()
        self._serving = None

    def _finish(self, exchange: Exchange) -> None:
        if exchange.complete and not exchange.tunnels and self._transport:
            self._over = True
            self._transport.close()
        else:
            self.end()
