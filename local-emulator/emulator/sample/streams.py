"""Streams of a running stack, made and deleted through its API, as any client would."""

from __future__ import annotations

from typing import Any

from ..declaration.endpoints import Endpoints
from ..errors import CallFailed
from .api import Api


def create(endpoints: Endpoints, stream: str, name: str) -> str:
    """Makes a stream and returns its key. Raises CallFailed, with status 409 where the id is taken."""
    return str(ask(endpoints, "POST", "/streams", {"id": stream, "name": name})["key"])


def recreate(endpoints: Endpoints, stream: str, name: str) -> str:
    """The same, deleting a stream of that id first: its key is kept nowhere. Raises CallFailed."""
    try:
        return create(endpoints, stream, name)
    except CallFailed as error:
        if error.status != 409:
            raise
    ask(endpoints, "DELETE", f"/streams/{stream}")
    return create(endpoints, stream, name)


def address(endpoints: Endpoints, stream: str) -> str:
    """The address that takes the stream's video."""
    return f"{endpoints.ingest.rstrip('/')}/streams/{stream}"


def page(endpoints: Endpoints, stream: str) -> str:
    """The page that shows it."""
    return f"{endpoints.web}?stream={stream}"


def ask(endpoints: Endpoints, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """The API's answer to an operator. Raises CallFailed."""
    return api(endpoints).ask(method, path, body)


def api(endpoints: Endpoints) -> Api:
    """The stack's API, for an operator."""
    return Api(endpoints.api, endpoints.admin_key)
