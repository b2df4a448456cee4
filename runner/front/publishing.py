"""Publish tokens: the right to send video to one stream, for two minutes, for people who may change it.

A token is `p.{until}.{epoch}.{who}.{mac}`, and takes the place of the stream's key; no key begins so. `until` is
seconds since 1970. `epoch` is that of the stream, and `who` the member: a token lets no one in once the stream's grants
were taken back, or the member may not change the stream any more. A person never sees a key, and a token that leaks is
soon worth nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from dataclasses import dataclass

from pipeline.documents.control import stream_keys
from pipeline.documents.people import access
from pipeline.domain.errors import Unauthorized

from .people import known
from .people.caller import ADMIN_KEY, Caller, CallerKind, of_member

_SECONDS = 120
_PREFIX = "p."
_TOKEN = re.compile(r"p\.(\d{1,12})\.(\d{1,12})\.(admin|m[0-9a-f]{24})\.([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class PublishToken:
    """A token as text, and when it ends (seconds since 1970)."""

    text: str
    until: int


def issue(stream: str, caller: Caller, secret: str) -> PublishToken:
    """A token for `stream`. Raises NotFound."""
    until = int(time.time()) + _SECONDS
    who = "admin" if caller.kind is CallerKind.ADMIN_KEY else caller.id
    said = f"{until}.{access.of_stream(stream).epoch}.{who}"
    return PublishToken(f"{_PREFIX}{said}.{_mac(stream, said, secret)}", until)


def authenticate(stream: str, key: str | None, address: str, secret: str) -> None:
    """Raises Unauthorized unless `key` is one of the stream's, or a token for it. A key's use is noted."""
    if key and key.startswith(_PREFIX):
        _check(stream, key, secret)
    else:
        stream_keys.authenticate(stream, key, address)


def _check(stream: str, token: str, secret: str) -> None:
    found = _TOKEN.fullmatch(token)
    if not found or not hmac.compare_digest(found[4], _mac(stream, ".".join(found.groups()[:3]), secret)):
        raise Unauthorized(f"this publish token for stream {stream!r} was not made here")
    if int(found[1]) <= time.time():
        raise Unauthorized(f"this publish token for stream {stream!r} has expired: ask for another one")
    held, caller = known.stream(stream), _caller(found[3])
    if held is None or caller is None or held.epoch != int(found[2]) or not caller.changes(held):
        raise Unauthorized(f"this publish token for stream {stream!r} was taken back")


def _caller(who: str) -> Caller | None:
    if who == "admin":
        return ADMIN_KEY
    member = known.member(who)
    return member and of_member(member)


def _mac(stream: str, said: str, secret: str) -> str:
    # "publish" apart: grants of media and sessions are made with the same secret.
    return hmac.new(secret.encode(), f"publish {stream}.{said}".encode(), hashlib.sha256).hexdigest()
