"""Requests and responses: JSON in its shape, pictures, pages of a list."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from msgspec import Struct
from werkzeug import Response

from pipeline.cloud import http
from pipeline.domain import shapes, text
from pipeline.domain.errors import BadRequest

if TYPE_CHECKING:
    from werkzeug import Request

T = TypeVar("T")

_MAX_JSON_BYTES = 64 * 1024
LARGE = 2 * 1024 * 1024
"""Bytes of a body that may bring much."""


def answer(body: Struct, status: int = 200) -> Response:
    """`body` as JSON. Never cached: streams change."""
    return json_response(msgspec.to_builtins(body), status)


def json_response(value: Mapping[str, Any], status: int = 200) -> Response:
    """The same for an object that its maker shaped, as `models` describes it."""
    return Response(json.dumps(value), status, content_type="application/json", headers={"Cache-Control": "no-store"})


def query(request: Request, shape: type[T]) -> T:
    """The request's query in its shape; parameters that it does not name are ignored. Raises BadRequest."""
    return shapes.read(request.args.to_dict(), shape, of_strings=True)


def json_fields(request: Request, shape: type[T], largest: int = _MAX_JSON_BYTES) -> T:
    """The request's JSON object, of at most so many bytes, in its shape. Raises BadRequest naming the field that is
    wrong."""
    return shapes.read(json_object(http.body(request, largest)), shape)


def raw(request: Request) -> bytes:
    """The request's body, as it came. Raises BadRequest if it is too large."""
    return http.body(request, _MAX_JSON_BYTES)


def json_object(data: bytes) -> dict[str, Any]:
    """The JSON object that `data` is. Raises BadRequest."""
    try:
        body: Any = json.loads(data, parse_float=_number)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"invalid JSON: {error}") from None
    if not isinstance(body, dict):
        raise BadRequest("the body must be a JSON object")
    text.check(body)
    return body


def _number(literal: str) -> float:
    """`1.0` is a whole number, as JSON Schema has it."""
    number = float(literal)
    return int(number) if number.is_integer() else number


def picture(request: Request, largest: int) -> bytes:
    """The request's body, of at most so many bytes. Raises BadRequest."""
    if not (data := http.body(request, largest, "picture")):
        raise BadRequest("the body is empty: send the picture as it is")
    return data
