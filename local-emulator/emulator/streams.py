"""Streams of a running stack, made and deleted through its API, as any client would."""

from __future__ import annotations

import json
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from .errors import CallFailed
from .state import Endpoints

_TIMEOUT = 30.0  # s


def create(endpoints: Endpoints, stream: str, name: str) -> str:
    """Makes a stream and returns its key. Raises CallFailed, with status 409 where the id is taken."""
    return str(ask(endpoints, "POST", "/streams", {"id": stream, "name": name})["key"])


def create_anew(endpoints: Endpoints, stream: str, name: str) -> str:
    """The same, deleting a stream of that id first: its key is kept nowhere. Raises CallFailed."""
    try:
        return create(endpoints, stream, name)
    except CallFailed as error:
        if error.status != 409:
            raise
    ask(endpoints, "DELETE", f"/streams/{stream}")
    return create(endpoints, stream, name)


def address(endpoints: Endpoints, stream: str) -> str:
    """Where to send the stream's video."""
    return f"{endpoints.ingest.rstrip('/')}/streams/{stream}"


def page(endpoints: Endpoints, stream: str) -> str:
    """Where to watch it."""
    return f"{endpoints.web}?stream={stream}"


def ask(endpoints: Endpoints, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """What the API answers an operator. Raises CallFailed."""
    url = endpoints.api.rstrip("/") + path
    headers = {"Authorization": f"Bearer {endpoints.admin_key}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    try:
        with urlopen(Request(url, data, headers, method=method), timeout=_TIMEOUT) as response:
            return json.loads(response.read() or b"{}")
    except HTTPError as error:
        raise CallFailed(f"{method} {url}: {error.code} {_detail(error.read())}", error.code) from None
    except (URLError, TimeoutError) as error:
        raise CallFailed(f"{method} {url}: {error}") from error


def _detail(answer: bytes) -> str:
    try:
        return str(json.loads(answer)["detail"])
    except (ValueError, KeyError, TypeError):
        return answer[:300].decode(errors="replace")
