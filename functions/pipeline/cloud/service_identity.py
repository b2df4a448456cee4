"""ID tokens of service accounts, by which workloads of this deployment know each other.

The metadata server gives a workload tokens of its own account, for one audience each and for an hour; Google's
certificates show that a token is genuine. Where STORAGE_EMULATOR_HOST names an emulator, it stands in for both.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from functools import lru_cache
from threading import Lock
from typing import Any

import requests
from google.auth import jwt
from google.auth.exceptions import GoogleAuthError

from ..domain.errors import Unauthorized, Unavailable
from .ttl_cache import Cached

_METADATA = "metadata.google.internal"
_CERTIFICATES = "https://www.googleapis.com/oauth2/v1/certs"
_ISSUERS = ("https://accounts.google.com", "accounts.google.com")
_LONGEST = 8192  # characters of a token
_KEPT = 3600.0  # seconds; a new certificate is published long before it is used
_SKEW = 10  # seconds between clocks
_SPARE = 300  # seconds before its end at which a token is replaced
_TIMEOUT = 10  # seconds


class IdentityToken:
    """The token of this process's account for `audience`. Threads may share it."""

    def __init__(self, audience: str) -> None:
        self._audience = audience
        self._token, self._until = "", 0.0
        self._lock = Lock()

    def get(self) -> str:
        """A token that is good for some minutes more. Raises Unavailable."""
        with self._lock:
            if time.time() > self._until - _SPARE:
                self._token = _asked(self._audience)
                self._until = float(jwt.decode(self._token, verify=False)["exp"])
            return self._token


@lru_cache(maxsize=8)
def token_for(audience: str) -> IdentityToken:
    """The one of this process for `audience`."""
    return IdentityToken(audience)


def account(token: str, audience: str) -> str:
    """The e-mail address of the account whose token this is. Raises Unauthorized, and Unavailable without certificates.

    The token must be signed by Google, not have ended, and be meant for `audience`.
    """
    if len(token) > _LONGEST or token.count(".") != 2:
        raise Unauthorized("expected an ID token of a service account")
    try:
        said: Mapping[str, Any] = jwt.decode(token, _certificates.get(_certificates_at()), True, audience, _SKEW)
    except (ValueError, GoogleAuthError):
        raise Unauthorized("the ID token is malformed, expired or meant for another service") from None
    if said.get("iss") not in _ISSUERS or not said.get("email") or said.get("email_verified") is not True:
        raise Unauthorized("the ID token names no account: expected one of Google's, with its e-mail address")
    return str(said["email"])


def _asked(audience: str) -> str:
    host = os.environ.get("GCE_METADATA_HOST") or _METADATA
    url = f"http://{host}/computeMetadata/v1/instance/service-accounts/default/identity"
    asked = {"audience": audience, "format": "full"}
    try:
        with requests.get(url, asked, headers={"Metadata-Flavor": "Google"}, timeout=_TIMEOUT) as answer:
            answer.raise_for_status()
            return answer.text
    except requests.RequestException as error:
        raise Unavailable(f"the metadata server gave no ID token: {type(error).__name__}") from error


def _certificates_at() -> str:
    emulator = os.environ.get("STORAGE_EMULATOR_HOST")
    return f"{emulator}/_emulator/certificates" if emulator else _CERTIFICATES


def _fetched(url: str) -> dict[str, str]:
    try:
        with requests.get(url, timeout=_TIMEOUT) as answer:
            answer.raise_for_status()
            return answer.json()
    except requests.RequestException as error:
        raise Unavailable(f"the certificates of ID tokens could not be read: {type(error).__name__}") from error


_certificates = Cached(_fetched, _KEPT)
