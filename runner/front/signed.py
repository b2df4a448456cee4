"""Addresses of objects that Cloud Storage answers without an account: V4 signatures, made here with an HMAC key.

https://cloud.google.com/storage/docs/authentication/signatures. No call to IAM is needed, and a signature takes some
microseconds. Times are rounded, so that an object has the same address for five minutes and browsers can cache it.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from .hosts import storage

_ALGORITHM = "GOOG4-HMAC-SHA256"
_ROUNDED = 300  # seconds
_VALID = 600  # seconds, from the rounded time on
REDIRECT_SECONDS = 240
"""How long an answer that names such an address may be kept: less than any signature has left."""


def address(bucket: str, name: str, access_id: str, secret: str) -> str:
    """Where `name` can be read with GET for the next five to ten minutes."""
    endpoint = storage()
    now = datetime.fromtimestamp(time.time() // _ROUNDED * _ROUNDED, UTC)
    scope = f"{now:%Y%m%d}/auto/storage/goog4_request"
    path = f"/{bucket}/{quote(name, safe='/~')}"
    stated = {
        "X-Goog-Algorithm": _ALGORITHM,
        "X-Goog-Credential": f"{access_id}/{scope}",
        "X-Goog-Date": f"{now:%Y%m%dT%H%M%SZ}",
        "X-Goog-Expires": str(_VALID),
        "X-Goog-SignedHeaders": "host",
    }
    query = "&".join(f"{key}={quote(value, safe='-_.~')}" for key, value in sorted(stated.items()))
    request = "\n".join(("GET", path, query, f"host:{urlsplit(endpoint).netloc}", "", "host", "UNSIGNED-PAYLOAD"))
    digest = hashlib.sha256(request.encode()).hexdigest()
    to_sign = "\n".join((_ALGORITHM, stated["X-Goog-Date"], scope, digest))
    key = f"GOOG4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return f"{endpoint}{path}?{query}&X-Goog-Signature={hmac.digest(key, to_sign.encode(), 'sha256').hex()}"
