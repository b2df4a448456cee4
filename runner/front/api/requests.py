"""Bodies and answers: JSON, with each field checked and named where it is wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from werkzeug import Response

from pipeline.cloud import http
from pipeline.domain.errors import BadRequest

if TYPE_CHECKING:
    from werkzeug import Request

_LARGEST = 64 * 1024  # bytes
_NAME = 200  # characters
_PAGE, _LARGEST_PAGE = 100, 1000  # items of a list


def answer(value: Mapping[str, Any], status: int = 200) -> Response:
    """`value` as JSON. Never cached: streams change."""
    return Response(json.dumps(value), status, content_type="application/json", headers={"Cache-Control": "no-store"})


def fields(request: Request, *known: str) -> Mapping[str, Any]:
    """The request's JSON object, of `known` fields only. Raises BadRequest."""
    return fields_of(read(request), *known)


def read(request: Request) -> bytes:
    """The request's body, as it came. Raises BadRequest where it is too large."""
    return http.body(request, _LARGEST)


def fields_of(data: bytes, *known: str) -> Mapping[str, Any]:
    """The JSON object that `data` is, of `known` fields only. Raises BadRequest."""
    try:
        body: Any = json.loads(data)
    except ValueError as error:
        raise BadRequest(f"the body is no JSON: {error}") from None
    if not isinstance(body, dict):
        raise BadRequest("the body must be a JSON object")
    return _only(body, "", known)


def picture(request: Request, largest: int) -> bytes:
    """The request's body, of at most so many bytes. Raises BadRequest."""
    if not (data := http.body(request, largest, "picture")):
        raise BadRequest("the body is empty: send the picture as it is")
    return data


def name(value: Any) -> str:
    """A stream's or a brand's name. Raises BadRequest."""
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= _NAME:
        raise BadRequest(f"'name' must be a string of 1 to {_NAME} characters")
    return value.strip()


def limit(text: str | None) -> int:
    """How many of a list one answer holds. Raises BadRequest."""
    if text is None:
        return _PAGE
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _LARGEST_PAGE:
        raise BadRequest(f"'limit' must be a whole number from 1 to {_LARGEST_PAGE}")
    return int(text)


def _only(value: Mapping[str, Any], prefix: str, known: tuple[str, ...]) -> Mapping[str, Any]:
    for field in value:
        if field not in known:
            expected = ", ".join(prefix + name for name in known)
            raise BadRequest(f"unknown field {prefix + field!r}: expected {expected}")
    return value
