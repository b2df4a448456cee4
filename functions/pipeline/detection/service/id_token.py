"""Credentials of calls: an identity token for a service on Cloud Run, a key for an own machine that wants one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import Request
from google.oauth2 import id_token

from ...domain.errors import Unavailable
from ..settings import detection
from .sealed import unseal

_CLOUD_RUN = ".run.app"
_lock = Lock()


def headers(endpoint: str, key: str = "") -> Mapping[str, str]:
    """Headers that authorise a request to the service at `endpoint`; `key` is its own, sealed. Raises Unavailable."""
    settings = detection()
    if key:
        return {"Authorization": f"Bearer {unseal(key, endpoint, settings.provider_secret)}"}
    if settings.clip_key and endpoint == settings.endpoint("clip"):  # any other service must not learn it
        return {"Authorization": f"Bearer {settings.clip_key}"}
    address = urlsplit(endpoint)
    if address.scheme != "https" or not (address.hostname or "").endswith(_CLOUD_RUN):
        return {}
    try:
        with _lock:
            credentials = _credentials(f"{address.scheme}://{address.netloc}")
            if not credentials.valid:  # an hour at most; renewed some minutes before it ends
                credentials.refresh(Request())
            return {"Authorization": f"Bearer {credentials.token}"}
    except GoogleAuthError as error:
        raise Unavailable(f"could not get an identity token for {address.hostname}: {type(error).__name__}") from error


@lru_cache(maxsize=8)
def _credentials(audience: str) -> Any:
    return id_token.fetch_id_token_credentials(audience)
