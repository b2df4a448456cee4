"""Signatures of webhooks as Standard Webhooks has them (https://www.standardwebhooks.com)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping

_PREFIX = "whsec_"


def new_secret() -> str:
    """A secret for a webhook, as libraries of Standard Webhooks take it."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(24)).decode()


def headers(secret: str, id: str, at: int, body: bytes) -> Mapping[str, str]:
    """The headers of a message that is sent `at` (seconds since 1970): HMAC-SHA256 of id, time and body."""
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    mac = hmac.new(key, f"{id}.{at}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": id,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }
