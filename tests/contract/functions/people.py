"""People as Firebase Auth proves them: ID tokens, unsigned, as its emulator makes them."""

from __future__ import annotations

import base64
import json
import time
from datetime import UTC, datetime
from typing import Any

from pipeline.documents.people import members, shares
from pipeline.domain import names
from pipeline.domain.people import Member, Role, Share

PROJECT = "test-project"


def token(uid: str, provider: str, **claims: Any) -> str:
    """An ID token of `PROJECT`, good for an hour."""
    now = int(time.time())
    said = {
        "iss": f"https://securetoken.google.com/{PROJECT}",
        "aud": PROJECT,
        "sub": uid,
        "iat": now,
        "exp": now + 3600,
        "firebase": {"sign_in_provider": provider},
    }
    return f"{_packed({'alg': 'none', 'typ': 'JWT'})}.{_packed(said | claims)}."


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def member(role: Role | str, tenant: str = "main", name: str = "") -> Member:
    """A member with this role, who is new."""
    email = f"{name or role}@{tenant}.example"
    one = Member(names.member(email), email, "", tenant, Role(role), created=datetime.now(UTC))
    members.remove(one.id)
    members.create(one)
    return one


def signed_in(one: Member, **claims: Any) -> dict[str, str]:
    """The headers of a member's requests."""
    said: dict[str, Any] = {"t": one.tenant, "r": one.role.value, "e": one.epoch}
    return bearer(token(one.id, "custom", **said | claims))


def holder(share: Share) -> dict[str, str]:
    """The headers of a request by the holder of a share link."""
    said = {"s": share.stream, "x": int(share.until.timestamp()), "h": share.id, "n": share.reports}
    return bearer(token(f"s-{share.id[:24]}", "custom", **said))


def shared(stream: str, until: datetime, *, reports: bool = False, revoked: bool = False) -> Share:
    """A share link of a stream, which is new."""
    made = f"{stream}-{until.timestamp()}-{reports}-{time.monotonic_ns()}"
    one = Share(names.share(made), stream, "main", until, reports, "", datetime.now(UTC), None, revoked)
    shares.create(one)
    return one


def _packed(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
