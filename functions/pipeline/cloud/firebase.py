"""Tokens of Firebase Auth: ID tokens are checked, custom tokens are made.

An ID token proves an e-mail address, or, after `signInWithCustomToken`, the claims that a custom token of this project
carried. Google's certificates are kept for an hour. Where FIREBASE_AUTH_EMULATOR_HOST names an emulator, tokens are not
signed, as it makes and takes them.
"""

from __future__ import annotations

import base64
import json
import os
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

import google.auth
import requests
from google.auth import iam, jwt
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import Request

from ..domain.errors import Unauthorized, Unavailable
from ..domain.settings import Common, load
from .ttl_cache import Cached

_CERTIFICATES = "https://www.googleapis.com/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com"
_AUDIENCE = "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit"
_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_LONGEST = 8192  # characters of a token
_KEPT = 3600.0  # seconds; a new certificate is published long before it is used
_SKEW = 10  # seconds between clocks
_VALID = 600  # seconds in which a custom token must be used
_TIMEOUT = 10  # seconds


def emulated() -> bool:
    """Whether an emulator stands in for Firebase Auth: tokens are not signed then."""
    return bool(os.environ.get("FIREBASE_AUTH_EMULATOR_HOST"))


def claims(token: str) -> Mapping[str, Any]:
    """The claims of an ID token of this project. Raises Unauthorized, and Unavailable without Google's certificates."""
    if len(token) > _LONGEST or token.count(".") != 2:
        raise Unauthorized("the ID token is malformed: sign in again")
    project = load(Common).project
    try:
        said = (
            _unsigned(token)
            if emulated()
            else jwt.decode(token, _certificates.get(_CERTIFICATES), True, project, _SKEW)
        )
    except (ValueError, GoogleAuthError):
        raise Unauthorized("the ID token is malformed, expired or not of this deployment: sign in again") from None
    issuer = f"https://securetoken.google.com/{project}"
    now = time.time()
    times = isinstance(said.get("exp"), (int, float)) and said["exp"] > now and said.get("iat", 0) <= now + _SKEW
    if said.get("aud") != project or said.get("iss") != issuer or not said.get("sub") or not times:
        raise Unauthorized("the ID token is expired or not of this deployment: sign in again")
    return said


def custom_token(uid: str, claims: Mapping[str, Any]) -> str:
    """A token that a browser signs in with once, within ten minutes, as `uid` with these claims. Raises Unavailable."""
    now = int(time.time())
    account = "emulated@example.com" if emulated() else _account()
    payload: dict[str, Any] = {"iss": account, "sub": account, "aud": _AUDIENCE, "iat": now, "exp": now + _VALID}
    payload |= {"uid": uid, "claims": dict(claims)}
    if emulated():
        return ".".join((_packed({"alg": "none", "typ": "JWT"}), _packed(payload), ""))
    try:
        return jwt.encode(iam.Signer(Request(), _own(), account), payload).decode()  # pyright: ignore[reportUnknownMemberType]
    except GoogleAuthError as error:
        raise Unavailable(f"IAM did not sign a token: {type(error).__name__}") from error


@cache
def _own() -> Any:
    credentials, _ = google.auth.default(scopes=[_SCOPE])
    return credentials


def _account() -> str:
    credentials = _own()
    if not credentials.valid:  # the metadata server tells the account's name, too
        credentials.refresh(Request())
    return str(credentials.service_account_email)


def _fetched(url: str) -> dict[str, str]:
    try:
        with requests.get(url, timeout=_TIMEOUT) as answer:
            answer.raise_for_status()
            return answer.json()
    except requests.RequestException as error:
        raise Unavailable(f"Google's certificates could not be read: {type(error).__name__}") from error


_certificates = Cached(_fetched, _KEPT)


def _unsigned(token: str) -> dict[str, Any]:
    head, body, signature = token.split(".")
    if _unpacked(head).get("alg") != "none" or signature:
        raise ValueError("the emulator does not sign its tokens")
    return _unpacked(body)


def _packed(value: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _unpacked(text: str) -> dict[str, Any]:
    found: Any = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    if not isinstance(found, dict):
        raise ValueError("a token consists of JSON objects")
    return found
