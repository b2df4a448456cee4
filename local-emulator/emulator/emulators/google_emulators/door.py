"""A door for browsers before an emulator of Google (`--port N --to HOST:PORT`).

Google's emulators answer pages of any origin, under any name, and take the token `owner` for every right. They listen
on an address of loopback that no page knows, and pages of this machine reach one of them here: by its own names, and
from origins of its own. A connection carries one request, so that each is looked at. HTTP/1.1 only, which is what
browsers speak without TLS. It also ends what pages that are gone listened to (listeners.py).
"""

from __future__ import annotations

import argparse
import asyncio
import re
import signal
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from urllib.parse import urlsplit

from ...host_names import is_ours
from .listeners import Listeners

_MOST_HEAD = 64 << 10  # bytes
_PIECE = 64 << 10  # bytes
_MOST_BODY = 1 << 20  # bytes, of a page that listens
_CHANNEL = re.compile(rb" [^ ?]*/Listen/channel\?")
_GREETING = 30.0  # seconds that a head may take
_FROM_HERE = ("same-origin", "none")  # of `Sec-Fetch-Site`: `none` is an address that a person typed
_HOP = frozenset((b"connection", b"keep-alive", b"proxy-connection"))

Header = tuple[bytes, bytes]


def is_let_in(headers: Sequence[Header]) -> bool:
    """Whether a request comes from this machine's own pages and programs, by its headers (names in small letters)."""

    def said(wanted: bytes) -> list[str]:
        return [value.decode("latin-1") for name, value in headers if name == wanted]

    if not all(map(is_ours, said(b"host"))):
        return False
    if origins := said(b"origin"):
        return all((netloc := _netloc(origin)) and is_ours(netloc) for origin in origins)
    return all(site in _FROM_HERE for site in said(b"sec-fetch-site"))


async def serve(port: int, host: str, to: int) -> asyncio.Server:
    """Listens on loopback for the emulator at `host`:`to`. Raises OSError where the port is taken."""
    listeners = Listeners(partial(_tell, host=host, port=to))
    answer = partial(_pass, listeners=listeners, host=host, port=to)
    return await asyncio.start_server(answer, "127.0.0.1", port, limit=_MOST_HEAD)


async def _tell(first: bytes, body: bytes, host: str, port: int) -> None:
    """A request of the door's own."""
    reader, writer = await asyncio.open_connection(host, port)
    headers = [
        (b"host", b"localhost"),
        (b"content-type", b"application/x-www-form-urlencoded"),
        (b"content-length", b"%d" % len(body)),
    ]
    try:
        writer.write(_head(first, headers) + body)
        await reader.readuntil(b"\r\n\r\n")
    finally:
        writer.close()


async def _pass(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, listeners: Listeners, host: str, port: int
) -> None:
    """One request and its answer."""
    try:
        async with asyncio.timeout(_GREETING):
            first, headers = _parsed(await reader.readuntil(b"\r\n\r\n"))
        length = _length(headers)
        if first.startswith(b"PRI ") or length is None:
            await _answer(writer, b"400 Bad Request", b"expected HTTP/1.1 with a Content-Length")
        elif not is_let_in(headers):
            await _answer(writer, b"403 Forbidden", b"only pages and programs of this machine are answered here")
        else:
            head, emulator = _head(first, headers), await asyncio.open_connection(host, port)
            if _CHANNEL.search(first) and length <= _MOST_BODY:
                await _listen(listeners, (first, head, await reader.readexactly(length)), (reader, writer), emulator)
            else:
                await _exchange(head, length, (reader, writer), emulator)
    except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return  # the caller is gone, or says nothing that ends; or the emulator is not there
    finally:
        writer.close()


Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _listen(listeners: Listeners, sent: tuple[bytes, bytes, bytes], caller: Ends, emulator: Ends) -> None:
    """A request of a page that listens: its first line, its head, its body."""
    first, head, body = sent
    left = True
    request = await listeners.request(first, body)
    try:
        left = await _exchange(head + body, 0, caller, emulator, request.answered)
    finally:
        request.end(left=left)


async def _exchange(
    head: bytes, length: int, caller: Ends, emulator: Ends, note: Callable[[bytes], None] = lambda piece: None
) -> bool:
    """Hands over the head and `length` bytes of body, then the answer until it ends or its caller leaves.

    `note` gets each piece of the answer. Returns whether the caller left.
    """
    (reader, writer), (answers, asks) = caller, emulator
    try:
        asks.write(head)
        while length and (piece := await reader.read(min(_PIECE, length))):
            length -= len(piece)
            asks.write(piece)
            await asks.drain()
        answering = asyncio.ensure_future(_hand_back(answers, writer, note))
        leaving = asyncio.ensure_future(reader.read(1))  # a caller that leaves a listener says nothing more
        await asyncio.wait((answering, leaving), return_when=asyncio.FIRST_COMPLETED)
        left = not answering.done()
        leaving.cancel()
        answering.cancel()
        with suppress(asyncio.CancelledError, OSError, asyncio.IncompleteReadError):
            await answering
        return left
    finally:
        asks.close()


async def _hand_back(
    answers: asyncio.StreamReader, writer: asyncio.StreamWriter, note: Callable[[bytes], None]
) -> None:
    writer.write(_head(*_parsed(await answers.readuntil(b"\r\n\r\n"))))
    while piece := await answers.read(_PIECE):
        note(piece)
        writer.write(piece)
        await writer.drain()


async def _answer(writer: asyncio.StreamWriter, status: bytes, text: bytes) -> None:
    writer.write(b"HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (status, len(text), text))
    await writer.drain()


def _parsed(head: bytes) -> tuple[bytes, list[Header]]:
    """The first line, and the headers, with their names in small letters."""
    first, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    pairs = (line.partition(b":") for line in lines)
    return first, [(name.strip().lower(), value.strip()) for name, _, value in pairs]


def _head(first: bytes, headers: list[Header]) -> bytes:
    kept = [b"%s: %s" % header for header in headers if header[0] not in _HOP]
    return b"\r\n".join([first, *kept, b"connection: close"]) + b"\r\n\r\n"


def _length(headers: Iterable[Header]) -> int | None:
    """Bytes of the body; None where that is not said in one way."""
    said = [value for name, value in headers if name == b"content-length"]
    if any(name == b"transfer-encoding" for name, _ in headers) or len(said) > 1:
        return None
    return 0 if not said else int(said[0]) if said[0].isdigit() else None


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


async def _run(port: int, host: str, to: int) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    server = await serve(port, host, to)
    await stopped.wait()
    server.close()


def main() -> None:
    """Until SIGTERM."""
    parser = argparse.ArgumentParser(
        prog="emulator.emulators.google_emulators.door", description="A door for browsers."
    )
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--to", required=True, metavar="HOST:PORT")
    options = parser.parse_args()
    host, _, port = options.to.rpartition(":")
    asyncio.run(_run(options.port, host, int(port)))


if __name__ == "__main__":
    main()
