"""Requests and responses, free of any server's types."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote

from ..errors import ClientGone, bad_request

JSON_LIMIT = 8 << 20
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Headers = list[tuple[str, str]]


class Request:
    """One HTTP request. `path` and `query_string` are as sent; `headers` have lower-case names."""

    def __init__(
        self, method: str, path: str, query_string: str, headers: dict[str, str], base: str, receive: Receive
    ) -> None:
        self.method = method
        self.path = path
        self.query_string = query_string
        self.headers = headers
        self.base = base
        self._receive = receive

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """The query, decoded, in order."""
        return parse_qsl(self.query_string, keep_blank_values=True)

    @cached_property
    def query(self) -> dict[str, str]:
        """The query, decoded; the last of repeated parameters."""
        return dict(self.pairs)

    def flag(self, name: str) -> bool:
        """A boolean parameter. Raises 400 where it is neither true nor false."""
        value = self.query.get(name, "false").lower()
        if value not in ("true", "false"):
            raise bad_request(f"Invalid value for parameter {name}: {value!r}; use true or false.")
        return value == "true"

    def number(self, name: str) -> int | None:
        """A whole-number parameter, None where it is absent. Raises 400."""
        return whole_number(name, self.query.get(name))

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body, piece by piece. Raises ClientGone."""
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            if body := message.get("body"):
                yield body
            if not message.get("more_body"):
                return

    async def body(self, limit: int = JSON_LIMIT) -> bytes:
        """The whole of a small body. Raises 400 above `limit` bytes."""
        read = bytearray()
        async for chunk in self.chunks():
            read += chunk
            if len(read) > limit:
                raise bad_request(f"The request body is larger than {limit} bytes.")
        return bytes(read)

    async def json(self) -> dict[str, Any]:
        """The body as a JSON object; empty for an empty body. Raises 400."""
        return parse_object(await self.body())


def parse_object(body: bytes | bytearray) -> dict[str, Any]:
    """A JSON object; empty for no bytes, and for `null`, which Google's client of Go writes. Raises 400."""
    if not body:
        return {}
    try:
        parsed: Any = json.loads(body)
    except ValueError:
        raise bad_request("Parse Error", reason="parseError") from None
    if parsed is None:
        return {}
    if not isinstance(parsed, dict):
        raise bad_request("Parse Error: the body must be a JSON object.", reason="parseError")
    return parsed


def whole_number(name: str, text: str | None) -> int | None:
    """`text` as a whole number, None for None. Raises 400 naming the parameter."""
    if text is None:
        return None
    try:
        return int(text)
    except ValueError:
        raise bad_request(f"Invalid value for parameter {name}: {text!r} is not a whole number.") from None


def decode(segment: str) -> str:
    """A percent-encoded piece of a path. Raises 400 where it is not UTF-8."""
    try:
        return unquote(segment, errors="strict")
    except UnicodeDecodeError:
        raise bad_request(f"{segment!r} is not UTF-8 once percent-decoded.") from None


@dataclass(slots=True)
class Response:
    """One HTTP response. `stream` replaces `body` where it is set; it is closed when sent or given up."""

    status: int = 200
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""
    stream: Iterator[bytes] | None = None


def json_response(resource: dict[str, Any], status: int = 200, headers: Headers | None = None) -> Response:
    """A JSON document."""
    body = json.dumps(resource, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(status, [("Content-Type", "application/json; charset=UTF-8"), *(headers or [])], body)
