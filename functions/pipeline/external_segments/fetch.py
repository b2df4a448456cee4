"""Reads a segment from an announced address, on a host that the settings allow.

The host is on the list, its addresses are public, the connection goes to the very address that was checked, and
redirects are not followed: neither a metadata server nor a neighbour can be reached.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from urllib.parse import SplitResult, urlsplit

import urllib3
from urllib3.exceptions import HTTPError

from ..cloud import public_hosts
from ..domain.errors import BadRequest, Unavailable
from .settings import Events

_TIMEOUT = urllib3.Timeout(connect=5.0, read=20.0)
_WHOLE = 60.0  # seconds that reading a segment may take: each read alone may be slow for ever
_PIECE = 256 << 10


@contextmanager
def opened(url: str, settings: Events) -> Generator[urllib3.BaseHTTPResponse]:
    """The answer to a GET of `url`, unread. Raises BadRequest or Unavailable; the address itself is never repeated,
    since a signed one is a key."""
    parts = _checked(url, settings)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = public_hosts.resolve(parts.hostname or "", port, private=settings.private)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    with _pool(parts, address) as pool:
        try:
            response = pool.request(
                "GET",
                target or "/",
                headers={"Host": parts.netloc.rpartition("@")[2], "Accept-Encoding": "identity"},
                preload_content=False,
                redirect=False,
                retries=False,
            )
        except HTTPError as error:
            raise Unavailable(f"{parts.hostname} did not answer: {type(error).__name__}") from None
        try:
            if response.status != 200:
                raise _refused(parts, response.status)
            yield response
        finally:
            response.release_conn()


def read(response: urllib3.BaseHTTPResponse, most: int, clock: Callable[[], float] = time.monotonic) -> bytes:
    """Reads the whole body. Raises BadRequest if it exceeds `most` bytes, Unavailable if it breaks off or lasts."""
    data, deadline = bytearray(), clock() + _WHOLE
    try:
        while piece := response.read1(_PIECE):
            data += piece
            if clock() > deadline:
                raise Unavailable(f"the segment was not read within {_WHOLE:.0f} s")
            if len(data) > most:
                raise BadRequest(f"the segment has more than {most >> 20} MiB")
    except HTTPError as error:
        raise Unavailable(f"the segment broke off: {type(error).__name__}") from None
    return bytes(data)


def _checked(url: str, settings: Events) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadRequest("invalid 'url': expected an address such as https://store.example/segment.ts") from None
    schemes = ("https", "http") if settings.private else ("https",)
    if parts.scheme not in schemes or not parts.hostname or parts.username:
        raise BadRequest(f"'url' must be an address of {' or '.join(schemes)} without a user")
    if not any(_allows(host, parts.hostname, port) for host in settings.hosts):
        raise BadRequest(
            f"segments are not fetched from {parts.hostname}: EVENTS_HOSTS names the hosts that are allowed"
        )
    return parts


def _allows(allowed: str, host: str, port: int | None) -> bool:
    """`host.example`, `host.example:8443` or `.example`, which is every host under it."""
    name, _, wanted = allowed.lower().partition(":")
    return (host.endswith(name) if name.startswith(".") else host == name) and (not wanted or wanted == str(port))


def _pool(parts: SplitResult, address: str) -> urllib3.HTTPConnectionPool:
    if parts.scheme == "http":
        return urllib3.HTTPConnectionPool(address, parts.port, timeout=_TIMEOUT)
    return urllib3.HTTPSConnectionPool(
        address, parts.port, timeout=_TIMEOUT, server_hostname=parts.hostname, assert_hostname=parts.hostname
    )


def _refused(parts: SplitResult, status: int) -> BadRequest | Unavailable:
    if status >= 500 or status == 429:
        return Unavailable(f"{parts.hostname} answered {status}: announce it again")
    return BadRequest(f"{parts.hostname} answered {status}, expected 200: redirects are not followed")
