"""Reads the stream key from a request's header. The address must not hold it: the platform logs addresses whole."""

from __future__ import annotations

from werkzeug import Request

from pipeline.cloud import http
from pipeline.domain.errors import BadRequest

_INSTEAD = (
    "send it as 'Authorization: Bearer KEY' or as the password of basic authentication (http://any:KEY@HOST/…); over a "
    'WebSocket also as the first message, {"key": "KEY"}'
)


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
