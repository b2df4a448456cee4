"""Heads of requests and answers, as Cloud Run's front end changes them on their way."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass

Header = tuple[bytes, bytes]

_HOP = frozenset(
    (b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"transfer-encoding", b"upgrade")
)
_OURS = frozenset((b"x-forwarded-for", b"x-forwarded-proto", b"forwarded", b"traceparent", b"x-cloud-trace-context"))
_TRACEPARENT = re.compile(rb"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")
_CLOUD_TRACE = re.compile(rb"([0-9a-f]{32})/(\d+)(?:;o=(\d))?")


@dataclass(slots=True)
class Request:
    """The head of a request. Names of headers are in lower case."""

    method: bytes
    target: bytes
    version: str
    headers: list[Header]
    keeps_alive: bool

    def header(self, name: bytes) -> bytes:
        """The first header of that name; empty if it is missing."""
        return next((value for found, value in self.headers if found == name), b"")

    @property
    def length(self) -> int | None:
        """Bytes of the body, where the caller says so."""
        value = self.header(b"content-length")
        return int(value) if value.isdigit() else None

    @property
    def chunked(self) -> bool:
        """Whether the body comes in chunks."""
        return b"chunked" in self.header(b"transfer-encoding").lower()

    @property
    def is_websocket(self) -> bool:
        """Whether it asks for a WebSocket."""
        return self.header(b"upgrade").lower() == b"websocket"

    def without_upgrade(self) -> bytes:
        """The same head for one who does not take the upgrade up."""
        kept = [(name, value) for name, value in self.headers if name not in (b"upgrade", b"connection")]
        return _head(b"%s %s HTTP/%s" % (self.method, self.target, self.version.encode()), kept)


@dataclass(frozen=True, slots=True)
class Trace:
    """A trace of OpenTelemetry, and the span that called."""

    id: str
    span: str
    sampled: bool

    @property
    def headers(self) -> list[Header]:
        """As W3C and as Google write it."""
        flag = 1 if self.sampled else 0
        return [
            (b"traceparent", f"00-{self.id}-{self.span}-0{flag}".encode()),
            (b"x-cloud-trace-context", f"{self.id}/{int(self.span, 16)};o={flag}".encode()),
        ]


def trace_of(request: Request) -> Trace:
    """The caller's trace, or a new one that is not sampled."""
    if found := _TRACEPARENT.fullmatch(request.header(b"traceparent")):
        return Trace(found[1].decode(), found[2].decode(), request.header(b"traceparent").endswith(b"1"))
    if found := _CLOUD_TRACE.fullmatch(request.header(b"x-cloud-trace-context")):
        return Trace(found[1].decode(), f"{int(found[2]) & (1 << 64) - 1:016x}", found[3] == b"1")
    return Trace(os.urandom(16).hex(), os.urandom(8).hex(), False)


def forwarded(request: Request, caller: str, trace: Trace) -> bytes:
    """The head for the instance: hop headers dropped, the caller's address appended to what it claims itself."""
    address = caller.encode()
    claimed = [value for name, value in request.headers if name == b"x-forwarded-for"]
    dropped = _HOP | _OURS | _named(request.headers)
    headers = [(name, value) for name, value in request.headers if name not in dropped]
    headers += [(b"x-forwarded-for", b",".join([*claimed, address])), (b"x-forwarded-proto", b"http")]
    headers += [(b"forwarded", b'for="%s";proto=http' % address), *trace.headers]
    if request.chunked:
        headers.append((b"transfer-encoding", b"chunked"))
    if request.is_websocket:
        headers += [(b"connection", b"Upgrade"), (b"upgrade", b"websocket")]
    else:
        headers.append((b"connection", b"close"))
    return _head(b"%s %s HTTP/1.1" % (request.method, request.target), headers)


def returned(status: bytes, headers: list[Header], *, chunked: bool, keeps: bool) -> bytes:
    """The head for the caller. `status`: `200 OK`."""
    dropped = _HOP | _named(headers)
    kept = [(name, value) for name, value in headers if name not in dropped]
    if chunked:
        kept.append((b"transfer-encoding", b"chunked"))
    kept.append((b"connection", b"keep-alive" if keeps else b"close"))
    return _head(b"HTTP/1.1 " + status, kept)


def switched(headers: list[Header]) -> bytes:
    """The head of an upgrade, as the instance gave it."""
    return _head(b"HTTP/1.1 101 Switching Protocols", headers)


def _named(headers: Iterable[Header]) -> frozenset[bytes]:
    """The headers that `Connection` names: they are meant for the next hop alone."""
    lines = (value for name, value in headers if name == b"connection")
    return frozenset(word.strip().lower() for line in lines for word in line.split(b","))


def _head(first: bytes, headers: Iterable[Header]) -> bytes:
    lines = [first, *(b"%s: %s" % header for header in headers)]
    return b"\r\n".join(lines) + b"\r\n\r\n"
