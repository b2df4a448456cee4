"""Sessions of the page: a cookie that scripts cannot read, for two weeks.

Its value is `{member}.{until}.{epoch}.{mac}`. `until` is seconds since 1970. `epoch` is a number on the member's
document: raising it ends every session of the member.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline.cloud import firebase
from pipeline.domain.errors import Forbidden, UnsupportedMedia

from ..settings import front
from . import known

if TYPE_CHECKING:
    from werkzeug import Request, Response

    from pipeline.domain.people import Member

_SECONDS = 14 * 86400
_VALUE = re.compile(r"(m[0-9a-f]{24})\.(\d{1,12})\.(\d{1,12})\.([0-9a-f]{64})")


def begin(response: Response, member: Member) -> None:
    """Gives the browser a cookie for `member`."""
    said = f"{member.id}.{int(time.time()) + _SECONDS}.{member.epoch}"
    _set(response, f"{said}.{_mac(said)}", _SECONDS)


def end(response: Response) -> None:
    """Takes the browser's cookie away."""
    _set(response, "", 0)


def sent(request: Request) -> bool:
    """Whether the browser sent a cookie of a session."""
    return bool(request.cookies.get(_name()))


def member(request: Request) -> Member | None:
    """The member whose session this is; None without one, or once it has ended."""
    found = _VALUE.fullmatch(request.cookies.get(_name(), ""))
    if not found:
        return None
    id, until, epoch, mac = found.groups()
    if not hmac.compare_digest(mac, _mac(f"{id}.{until}.{epoch}")) or int(until) <= time.time():
        return None
    held = known.member(id)
    return held if held and held.epoch == int(epoch) else None


def check_page(request: Request) -> None:
    """Raises Forbidden or UnsupportedMedia unless the page itself sends this: a form of another site cannot."""
    origin = request.headers.get("Origin", "")
    if urlsplit(origin).netloc != request.host or not urlsplit(origin).netloc:
        raise Forbidden(f"sessions are for the page itself: expected its own origin, not {origin[:80]!r}")
    if request.method == "POST" and request.mimetype != "application/json":
        raise UnsupportedMedia(f"unsupported type {request.mimetype[:80]!r}: expected application/json")


def _set(response: Response, value: str, seconds: int) -> None:
    response.set_cookie(
        _name(), value, max_age=seconds, path="/", secure=not firebase.emulated(), httponly=True, samesite="Strict"
    )


def _name() -> str:
    """On a local stack, without HTTPS, browsers refuse the prefix."""
    return "session" if firebase.emulated() else "__Host-session"


def _mac(said: str) -> str:
    # "session" apart: grants of media are made with the same secret.
    return hmac.new(front().grant_secret.encode(), f"session {said}".encode(), hashlib.sha256).hexdigest()
