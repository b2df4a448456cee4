"""Grants: the right to read the media of one stream for a while.

A grant is `{stream}.{until}.{epoch}.{mac}`. `until` is seconds since 1970. `epoch` is a number on the stream's
document: raising it takes every grant of the stream back. The grant stands in the path of each address: `<img>` and
players without scripts can use it, and a playlist's relative names stay under it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from dataclasses import dataclass

from pipeline.cloud.ttl_cache import Cached
from pipeline.documents import streams
from pipeline.domain import names
from pipeline.domain.errors import Forbidden, NotFound

_ROUNDED = 600  # seconds: grants made within them are the same, and so are the addresses that browsers cache
_FRESH = 5.0  # seconds for which a stream's epoch is taken from memory
_GRANT = re.compile(r"([a-z0-9-]{1,63})\.(\d{1,12})\.(\d{1,12})\.([0-9a-f]{64})")
_OBJECT = re.compile(r"(segments|playlists|frames)/([a-z0-9-]{1,63})/[A-Za-z0-9-]{1,64}/[A-Za-z0-9][A-Za-z0-9.-]{0,99}")

_epochs = Cached(streams.epoch, _FRESH)


@dataclass(frozen=True, slots=True)
class Grant:
    """A grant as text, and when it ends (seconds since 1970)."""

    text: str
    until: int


def issue(stream: str, secret: str, seconds: int) -> Grant:
    """A grant for `stream` that lasts `seconds` or up to ten minutes more. Raises NotFound."""
    until = -(-(int(time.time()) + seconds) // _ROUNDED) * _ROUNDED
    said = f"{stream}.{until}.{streams.epoch(stream)}"
    return Grant(f"{said}.{_mac(said, secret)}", until)


def opened(grant: str, name: str, secret: str) -> str:
    """`name`, if the grant opens this object. Raises Forbidden."""
    found, named = _GRANT.fullmatch(grant), _OBJECT.fullmatch(name)
    if not found:
        raise Forbidden("invalid grant: POST /api/streams/STREAM/grants gives one")
    stream, until, epoch, mac = found.groups()
    if not hmac.compare_digest(mac, _mac(f"{stream}.{until}.{epoch}", secret)):
        raise Forbidden("this grant was not made here")
    if int(until) <= time.time():
        raise Forbidden("this grant has expired: ask for another one")
    if not named or named[2] != stream:
        raise Forbidden("a grant opens the segments, playlists and frames of its own stream")
    if int(epoch) != _epoch(stream):
        raise Forbidden("this grant was taken back")
    return name


def take_back(stream: str) -> None:
    """Ends every grant of `stream`: at once on this instance, within five seconds on the others. Raises NotFound."""
    streams.raise_epoch(names.check_stream(stream))
    _epochs.clear()


def forget() -> None:
    """Reads every epoch again, as after another database was named."""
    _epochs.clear()


def _epoch(stream: str) -> int:
    try:
        return _epochs.get(stream)
    except NotFound:  # deleted meanwhile
        return -1


def _mac(said: str, secret: str) -> str:
    return hmac.new(secret.encode(), said.encode(), hashlib.sha256).hexdigest()
