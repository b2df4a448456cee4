"""The caller of a request, found out by what its Authorization header holds."""

from __future__ import annotations

import hmac
import logging
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipeline.cloud import firebase, http, metrics
from pipeline.documents.control import stream_keys
from pipeline.domain.errors import Unauthorized

from . import known
from .caller import ADMIN_KEY, ANONYMOUS, Caller, of_member, of_share, of_stream_key

if TYPE_CHECKING:
    from werkzeug import Request

log = logging.getLogger(__name__)

SIGN_IN = "sign in, or send a key that opens this as 'Authorization: Bearer KEY'"


def identify(request: Request, admin_key: str, stream: str | None = None) -> Caller:
    """The caller. Where `stream` is given, its key is taken too. Raises Unauthorized for a token or key that is wrong.

    An ID token is a JSON Web Token and begins with an encoded brace; keys hold no dots.
    """
    key = http.bearer(request)
    if not key:
        return ANONYMOUS
    # Compared as bytes, in constant time: the time it takes tells nothing of the key.
    if hmac.compare_digest(key.encode(), admin_key.encode()):
        labels = {"route": f"{request.method} {request.path}"}
        log.warning("the admin key was used: people have accounts", extra={"labels": labels})
        metrics.count("admin_key_used")
        return ADMIN_KEY
    if key.startswith("ey") and key.count(".") == 2:
        return _of_token(firebase.claims(key))
    if stream is None:
        raise Unauthorized(f"the key is wrong: {SIGN_IN}")
    stream_keys.authenticate(stream, key)
    return of_stream_key(stream)


def _of_token(claims: Mapping[str, Any]) -> Caller:
    """The caller whom a custom token of ours let sign in, as long as the documents say the same."""
    if (claims.get("firebase") or {}).get("sign_in_provider") != "custom":
        raise Unauthorized("this ID token proves an e-mail address only: POST /api/session begins a session with it")
    uid = str(claims["sub"])
    if share := claims.get("h"):
        found = known.share(str(share))
        if found is None or uid != share_uid(found.id) or float(claims.get("x") or 0) <= time.time():
            raise Unauthorized("this share link has ended or was taken back: ask for another one")
        return of_share(found)
    member = known.member(uid)
    said = (claims.get("t"), claims.get("r"), claims.get("e"))
    if member is None or said != (member.tenant, member.role.value, member.epoch):
        raise Unauthorized("this session has ended, or the member's role has changed: sign in again")
    return of_member(member)


def member_claims(tenant: str, role: str, epoch: int) -> dict[str, Any]:
    """What the token of a member says."""
    return {"t": tenant, "r": role, "e": epoch}


def share_uid(share: str) -> str:
    """The user id of a share link's holders."""
    return f"s-{share[:24]}"
