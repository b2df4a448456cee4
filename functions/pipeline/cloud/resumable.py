"""Sessions of resumable uploads at Cloud Storage: begun for a browser, and asked whether they go on.

https://cloud.google.com/storage/docs/performing-resumable-uploads
"""

from __future__ import annotations

import requests

from ..domain.errors import Unavailable
from .signing import SignedRequest

_TIMEOUT = 10  # seconds


def begin(signed: SignedRequest, origin: str | None) -> str:
    """Begins the upload; its session's address, by which a page of `origin` may send the file. Raises Unavailable."""
    headers = {**signed.headers, **({"Origin": origin} if origin else {})}
    answer = _asked(signed.method, signed.url, headers)
    address = answer.headers.get("Location")
    if answer.status_code != 201 or not address:
        raise Unavailable(f"Cloud Storage did not open the upload ({answer.status_code}): try again")
    return address


def goes_on(address: str, size: int) -> bool:
    """Whether the session still waits for a part of its file of `size` bytes. Raises Unavailable."""
    status = _asked("PUT", address, {"Content-Range": f"bytes */{size}", "Content-Length": "0"}).status_code
    if status >= 500:
        raise Unavailable(f"Cloud Storage does not say how far the upload is ({status}): try again")
    return status == 308


def _asked(method: str, address: str, headers: dict[str, str]) -> requests.Response:
    try:
        return requests.request(method, address, headers=headers, timeout=_TIMEOUT, allow_redirects=False)
    except requests.RequestException:  # its words hold the address, which is as good as a key
        raise Unavailable("Cloud Storage does not answer: try again") from None
