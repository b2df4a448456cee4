"""The stream's key in a request: in a header, never in its address, which the platform's request log keeps whole."""

from __future__ import annotations

from werkzeug import Request

from pipeline.cloud import http
from pipeline.domain.errors import BadRequest

_INSTEAD = (
    "send it as 'Authorization: Bearer KEY' or as the password of basic authentication (http://any:KEY@HOST/…); over a "
    'WebSocket also as the first message, {"key": "KEY"}'
)


def refuse_in_address(request: Request) -> None:
    """Raises BadRequest where the query holds a key: logs keep addresses. It does not say which."""
    if "key" in request.args:
        raise BadRequest(f"the key must not be part of the address: {_INSTEAD}")


def key_of(request: Request) -> str | None:
    """The key of the header; None where there is none."""
    given = request.authorization
    if given and given.type == "basic":
        return given.password
    return http.bearer(request) or None
