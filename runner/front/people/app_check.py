"""Tokens of App Check, by which a browser shows that it runs this deployment's page (`X-Firebase-AppCheck`).

A token opens nothing: it comes beside what does. Google's keys are kept for six hours, as it advises.
"""

from __future__ import annotations

import base64
from typing import Any

import requests
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from google.auth import jwt
from google.auth.exceptions import GoogleAuthError

from pipeline.cloud.ttl_cache import Cached
from pipeline.domain.errors import Unauthorized, Unavailable

HEADER = "X-Firebase-AppCheck"
_KEYS = "https://firebaseappcheck.googleapis.com/v1/jwks"
_KEPT = 6 * 3600.0  # seconds
_LONGEST = 8192  # characters of a token
_SKEW = 10  # seconds between clocks
_TIMEOUT = 10  # seconds


def check(token: str, app: str) -> None:
    """Raises Unauthorized unless `token` is one of the app with the id `app`, such as 1:123456789:web:0a1b2c, and
    Unavailable without Google's keys."""
    number = app.split(":")[1]
    if len(token) > _LONGEST or token.count(".") != 2:
        raise Unauthorized(f"{HEADER} is missing or malformed: the deployment's own page sends it")
    try:
        said = jwt.decode(token, _keys.get(_KEYS), clock_skew_in_seconds=_SKEW)
    except (ValueError, GoogleAuthError):
        raise Unauthorized(f"{HEADER} is malformed, expired or not of this deployment: load the page again") from None
    issuer = f"https://firebaseappcheck.googleapis.com/{number}"
    named = said.get("iss") == issuer and said.get("sub") == app and f"projects/{number}" in (said.get("aud") or ())
    if not named:
        raise Unauthorized(f"{HEADER} is not of this deployment's page: load the page again")


def _fetched(url: str) -> dict[str, str]:
    """Google's keys as PEM, by their ids."""
    try:
        with requests.get(url, timeout=_TIMEOUT) as answer:
            answer.raise_for_status()
            return {key["kid"]: _pem(key) for key in answer.json()["keys"] if key.get("kty") == "RSA"}
    except requests.RequestException as error:
        raise Unavailable(f"Google's keys of App Check could not be read: {type(error).__name__}") from error


def _pem(key: dict[str, Any]) -> str:
    public = RSAPublicNumbers(_number(key["e"]), _number(key["n"])).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


_keys = Cached(_fetched, _KEPT)
