"""POST /batch/storage/v1: many metadata calls in one `multipart/mixed` body, each answered on its own."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from email.message import Message
from email.parser import BytesParser
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from ..errors import bad_request
from ..transfer.http import Request, Response

MOST = 1000
LIMIT = 16 << 20
Dispatch = Callable[[Request], Awaitable[Response]]


async def answer(request: Request, dispatch: Dispatch) -> Response:
    """Answers every part by `dispatch`, in order. Raises 400 for a body that is no batch."""
    head = f"Content-Type: {request.headers.get('content-type', '')}\r\n\r\n".encode()
    message = BytesParser().parsebytes(head + await request.body(LIMIT))
    if not message.is_multipart():
        raise bad_request("A batch needs Content-Type: multipart/mixed; boundary=BOUNDARY, and parts between.")
    parts = [part for part in message.get_payload() if isinstance(part, Message)]
    if len(parts) > MOST:
        raise bad_request(f"A batch holds at most {MOST} calls, this one has {len(parts)}.")
    boundary = f"batch_{secrets.token_hex(12)}"
    body = bytearray()
    for part in parts:
        response = await dispatch(_inner(part, request))
        if response.stream is not None:
            response = _no_media()
        body += f"--{boundary}\r\nContent-Type: application/http\r\n".encode()
        if content_id := part.get("Content-ID"):
            body += f"Content-ID: <response-{content_id.strip('<>')}>\r\n".encode()
        body += b"\r\n" + _render(response) + b"\r\n"
    body += f"--{boundary}--\r\n".encode()
    return Response(200, [("Content-Type", f"multipart/mixed; boundary={boundary}")], bytes(body))


def _inner(part: Message, outer: Request) -> Request:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        raise bad_request("A part of a batch must be of Content-Type: application/http.")
    first, _, rest = payload.lstrip().partition(b"\n")
    words = first.decode("latin-1").split()
    if len(words) != 3:
        raise bad_request(f"A part of a batch begins with {words!r}: use METHOD ADDRESS HTTP/1.1.")
    inner = BytesParser().parsebytes(rest)
    content = inner.get_payload(decode=True)
    headers = {name.lower(): str(value) for name, value in inner.items()}
    if "authorization" in outer.headers:  # the batch's counts for each part that has none
        headers.setdefault("authorization", outer.headers["authorization"])
    address = urlsplit(words[1])
    return Request(words[0], address.path, address.query, headers, outer.base, _one(content))


def _one(content: Any) -> Callable[[], Awaitable[MutableMapping[str, Any]]]:
    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": content if isinstance(content, bytes) else b"", "more_body": False}

    return receive


def _no_media() -> Response:
    error = bad_request("A batch cannot carry media: download objects one by one.")
    return Response(error.code, [("Content-Type", "application/json; charset=UTF-8")], error.json())


def _render(response: Response) -> bytes:
    status = response.status
    phrase = HTTPStatus(status).phrase if status in HTTPStatus.__members__.values() else ""
    head = [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {value}" for name, value in response.headers)]
    head.append(f"Content-Length: {len(response.body)}")
    return "\r\n".join(head).encode("utf-8") + b"\r\n\r\n" + response.body
