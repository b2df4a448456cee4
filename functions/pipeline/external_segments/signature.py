"""Signed requests: HMAC-SHA256 over the time and the body, as `X-Signature: sha256=…` beside `X-Timestamp`."""

from __future__ import annotations

import hashlib
import hmac

from ..domain.errors import Unauthorized

WINDOW = 300  # seconds that a sender's clock may be off; a replay within it writes the same object again, to no effect


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of `body` sent at `timestamp` (seconds since 1970, decimal)."""
    return f"sha256={hmac.new(secret.encode(), timestamp.encode() + b'.' + body, hashlib.sha256).hexdigest()}"


def verify(secret: str, timestamp: str, given: str, body: bytes, now: float) -> None:
    """Raises Unauthorized unless `given` signs `body` and `timestamp` is about now."""
    right = sign(secret, timestamp, body)
    if not hmac.compare_digest(right.encode(), given.encode()):
        raise Unauthorized("the signature is missing or wrong: send X-Signature: sha256=HMAC(secret, TIMESTAMP.BODY)")
    if not timestamp.isascii() or not timestamp.isdigit() or abs(int(timestamp[:12]) - now) > WINDOW:
        raise Unauthorized(f"X-Timestamp is not within {WINDOW} s of now: sign each request as it is sent")
