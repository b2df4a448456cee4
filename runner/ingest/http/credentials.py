"""Reads the stream key from a request's header. The address must not hold it: the platform logs addresses whole.

A browser sets no header of a WebSocket save `Sec-WebSocket-Protocol`: there the key is one of the offered protocols,
`key.` and its base64url without padding, beside the one that is spoken, `media-analyzer`.
"""

from __future__ import annotations

import base64
import binascii

from werkzeug import Request

from pipeline.cloud import http
from pipeline.domain.errors import BadRequest

_INSTEAD = (
    "send it as 'Authorization: Bearer KEY' or as the password of basic authentication (http://any:KEY@HOST/…); over a "
    "WebSocket also as a protocol, 'Sec-WebSocket-Protocol: media-analyzer, key.BASE64URL'"
)
PROTOCOL = "media-analyzer"
"""The WebSocket protocol that ingest speaks."""
_KEY_PREFIX = "key."


def refuse_in_address(request: Request) -> None:
    """Raises BadRequest if the query holds a key. The message does not repeat it."""
    if "key" in request.args:
        raise BadRequest(f"the key must not be part of the address: {_INSTEAD}")


def key_of(request: Request) -> str | None:
    """The key in the header, or None."""
    given = request.authorization
    if given and given.type == "basic":
        return given.password
    return http.bearer(request) or None


def offered_key(request: Request) -> str | None:
    """The key among the protocols that a WebSocket's handshake offers, or None."""
    for offered in request.headers.get("Sec-WebSocket-Protocol", "").split(","):
        text = offered.strip()
        if text.startswith(_KEY_PREFIX):
            data = text.removeprefix(_KEY_PREFIX)
            try:
                return base64.urlsafe_b64decode(data + "=" * (-len(data) % 4)).decode()
            except (binascii.Error, ValueError):
                return ""  # a key that fits no stream
    return None
