"""A chunked HTTP POST whose body may last for hours and whose answer may come before the body ends."""

from __future__ import annotations

import http.client
import select
import socket
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from . import errors
from .answers import parsed, refusal

_CONNECT_SECONDS = 10
_STALL_SECONDS = 120  # a slow bucket slows ingest, and ingest slows us; beyond this something is broken


def post(url: str, key: str, body: Iterable[bytes]) -> dict[str, Any]:
    """Sends `body` and returns the answer's JSON object.

    Stops sending as soon as the server answers. Raises the SendError of the answer's status, in the answer's own words;
    Unavailable without an answer.
    """
    connection = _connect(url)
    try:
        _send(connection, url, key, body)
        answer = connection.getresponse()
        text = answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise errors.Unavailable(f"{url} broke off: {error or type(error).__name__}") from error
    finally:
        connection.close()
    if 200 <= answer.status < 300:
        return parsed(text)
    raise refusal(url, answer.status, parsed(text))


def _connect(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise errors.BadRequest(f"invalid address {url!r}: expected http(s)://HOST/streams/STREAM")
    secure = parts.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=_CONNECT_SECONDS)
    try:
        connection.connect()
    except OSError as error:
        raise errors.Unavailable(f"nothing answers at {parts.netloc}: {error}") from error
    connection.sock.settimeout(_STALL_SECONDS)
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _send(connection: http.client.HTTPConnection, url: str, key: str, body: Iterable[bytes]) -> None:
    parts = urlsplit(url)
    connection.putrequest("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
    connection.putheader("Authorization", f"Bearer {key}")
    connection.putheader("Content-Type", "video/mp2t")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    try:
        for data in body:
            if select.select([connection.sock], [], [], 0)[0]:
                return  # it has answered, and reads no more
            if data:
                connection.send(b"%x\r\n%b\r\n" % (len(data), data))
        connection.send(b"0\r\n\r\n")
    except (BrokenPipeError, ConnectionResetError):
        return  # closed at the other end: there may be an answer to read
