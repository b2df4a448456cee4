"""Signed URLs: a browser may send the signed request until it expires, without an account.

On Google Cloud a workload has no private key: IAM signs in its name, for which it needs the right to create tokens of
itself. The emulator hands the account a key to sign with.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import google.auth
from google.auth.credentials import AnonymousCredentials
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2 import service_account

from .account import local_account

if TYPE_CHECKING:
    from google.cloud import storage

_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_TIMEOUT = 10  # seconds


GRANTED = "granted"
"""Metadata of an object that came by a signed address: its uploader can neither leave it out nor add it."""


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request that its bearer may send until `expires`, with exactly these headers."""

    method: str
    url: str
    headers: Mapping[str, str]
    expires: datetime


def resumable_upload(blob: storage.Blob, content_type: str, size: int, valid: timedelta) -> SignedRequest:
    """The request that begins a resumable upload of `blob`, of at most `size` bytes, which replaces nothing.

    Its answer's Location is the upload's address. However often it is sent, one of these uploads ends well.
    """
    expires = datetime.now(UTC) + valid
    limits = {
        "x-goog-if-generation-match": "0",
        "x-goog-content-length-range": f"0,{size}",
        f"x-goog-meta-{GRANTED}": "true",
    }
    url = blob.generate_signed_url(
        version="v4", method="RESUMABLE", expiration=valid, content_type=content_type, headers=dict(limits), **_signer()
    )
    headers = {"Content-Type": content_type, "x-goog-resumable": "start", **limits}
    return SignedRequest("POST", url, headers, expires)


def _signer() -> dict[str, Any]:
    """The arguments of `generate_signed_url` that name the signer."""
    emulator = os.environ.get("STORAGE_EMULATOR_HOST")
    if emulator:
        return {"credentials": _emulator_account(emulator)}
    credentials = _own()
    if not credentials.valid:
        credentials.refresh(Request())
    return {"service_account_email": credentials.service_account_email, "access_token": credentials.token}


@cache
def _own() -> Any:
    credentials, _ = google.auth.default(scopes=[_SCOPE])
    return credentials


@cache
def _emulator_account(emulator: str) -> service_account.Credentials:
    session: Any = AuthorizedSession(local_account() or AnonymousCredentials())
    with session, session.get(f"{emulator}/_emulator/serviceAccount", timeout=_TIMEOUT) as answer:
        answer.raise_for_status()
        return service_account.Credentials.from_service_account_info(answer.json())
