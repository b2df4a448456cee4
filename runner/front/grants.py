"""Grants: the right to read the media of one stream, or the marks of a tenant's brands, for a while.

A grant is `{stream}.{until}.{epoch}.{who}.{mac}`. `until` is seconds since 1970. `epoch` is a number on the stream's
document: raising it takes every grant of the stream back. `who` is the member or share link that it was given to, or
`public` or `admin`: it opens nothing any more once they may not see the stream, within five seconds. That of marks has
`~{tenant}` instead of the stream, and the epoch of its member. The grant stands in the path of each address: `<img>`
and players without scripts can use it, and a playlist's relative names stay under it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from dataclasses import dataclass

from pipeline.documents import streams
from pipeline.documents.people import access
from pipeline.domain import names
from pipeline.domain.errors import Forbidden
from pipeline.domain.people import Role, Share

from .people import known
from .people.caller import ADMIN_KEY, ANONYMOUS, Caller, CallerKind, of_member, of_share

_ROUNDED = 600  # seconds: grants made within them are the same, and so are the addresses that browsers cache
_GRANT = re.compile(
    r"(~?)([a-z0-9-]{1,63})\.(\d{1,12})\.(\d{1,12})\.(public|admin|m[0-9a-f]{24}|s-[0-9a-f]{64})\.([0-9a-f]{64})"
)
_OBJECT = re.compile(
    r"((?:batch/)?(?:segments|frames)|playlists|clips)/([a-z0-9-]{1,63})/[A-Za-z0-9-]{1,64}/[A-Za-z0-9][A-Za-z0-9.-]{0,99}"
)
_MARK = re.compile(r"brands/([a-z0-9-]{1,63})/[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


@dataclass(frozen=True, slots=True)
class Grant:
    """A grant as text, and when it ends (seconds since 1970)."""

    text: str
    until: int


def issue(stream: str, caller: Caller, secret: str, seconds: int) -> Grant:
    """A grant for `stream` that lasts `seconds` or up to ten minutes more. Raises NotFound."""
    return _made(stream, access.of_stream(stream).epoch, caller, secret, seconds)


def issue_for_clip(share: Share, secret: str) -> str:
    """The grant that a link to a clip holds, for as long as the link. Raises NotFound."""
    said = f"{share.stream}.{int(share.until.timestamp())}.{access.of_stream(share.stream).epoch}.s-{share.id}"
    return f"{said}.{_mac(said, secret)}"


def issue_for_brands(tenant: str, caller: Caller, secret: str, seconds: int) -> Grant:
    """A grant for the marks of a tenant's brands."""
    return _made(f"~{tenant}", _epoch(caller), caller, secret, seconds)


def opened(grant: str, name: str, secret: str) -> str:
    """`name`, if the grant opens this object. Raises Forbidden."""
    found = _GRANT.fullmatch(grant)
    if not found:
        raise Forbidden("invalid grant: POST /api/streams/STREAM/grants gives one")
    marks, of, until, epoch, who, mac = found.groups()
    if not hmac.compare_digest(mac, _mac(grant.rpartition(".")[0], secret)):
        raise Forbidden("this grant was not made here")
    if int(until) <= time.time():
        raise Forbidden("this grant has expired: ask for another one")
    caller = _caller(who)
    if caller is None:
        raise Forbidden("this grant was taken back")
    if marks:
        return _opened_mark(of, int(epoch), caller, name)
    named = _OBJECT.fullmatch(name)
    if not named or named[2] != of:
        raise Forbidden("a grant opens the segments, playlists, frames and clips of its own stream")
    if caller.clip and name != caller.clip:
        raise Forbidden("this link opens one clip alone")
    stream = known.stream(of)
    if stream is None or stream.epoch != int(epoch) or not caller.sees(stream):
        raise Forbidden("this grant was taken back")
    return name


def take_back(stream: str) -> None:
    """Ends every grant of `stream`: at once on this instance, within five seconds on the others. Raises NotFound."""
    streams.raise_epoch(names.check_stream(stream))
    known.forget()


def _opened_mark(tenant: str, epoch: int, caller: Caller, name: str) -> str:
    named = _MARK.fullmatch(name)
    if not named or known.brand_tenant(named[1]) != tenant:
        raise Forbidden("this grant opens the reference marks of its tenant's brands")
    if not caller.reaches(Role.VIEWER, tenant) or _epoch(caller) != epoch:
        raise Forbidden("this grant was taken back")
    return name


def _made(of: str, epoch: int, caller: Caller, secret: str, seconds: int) -> Grant:
    until = -(-(int(time.time()) + seconds) // _ROUNDED) * _ROUNDED
    said = f"{of}.{until}.{epoch}.{_who(caller)}"
    return Grant(f"{said}.{_mac(said, secret)}", until)


def _who(caller: Caller) -> str:
    if caller.kind is CallerKind.MEMBER:
        return caller.id
    if caller.kind is CallerKind.SHARE:
        return f"s-{caller.id}"
    return "admin" if caller.kind is CallerKind.ADMIN_KEY else "public"


def _caller(who: str) -> Caller | None:
    """The one whom a grant was given to; None once they have no rights any more."""
    if who in ("public", "admin"):
        return ADMIN_KEY if who == "admin" else ANONYMOUS
    if who.startswith("s-"):
        share = known.share(who.removeprefix("s-"))
        return share and of_share(share)
    member = known.member(who)
    return member and of_member(member)


def _epoch(caller: Caller) -> int:
    member = known.member(caller.id) if caller.kind is CallerKind.MEMBER else None
    return member.epoch if member else 0


def _mac(said: str, secret: str) -> str:
    return hmac.new(secret.encode(), f"grant {said}".encode(), hashlib.sha256).hexdigest()
