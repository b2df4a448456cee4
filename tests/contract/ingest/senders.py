"""Senders over HTTP and over a WebSocket, each request as a test wants it."""

from __future__ import annotations

import base64
import http.client
import json
from pathlib import Path
from typing import Any

from tests.contract.ingest.conftest import Publishing, Service
from tests.unit.ingest.clips import Clip
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol


def post(service: Service, stream: Publishing, body: Any, **headers: str) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
    path = f"/streams/{stream.id}"
    connection.request("POST", path, body, {"Authorization": f"Bearer {stream.key}", **headers}, encode_chunked=True)
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


def chunks(path: Path, size: int = 5000) -> Any:
    data = path.read_bytes()
    return (data[at : at + size] for at in range(0, len(data), size))


def held_open(service: Service, stream: Publishing, clip: Clip) -> http.client.HTTPConnection:
    """A sender that has sent its clip and stays."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
    connection.putrequest("POST", f"/streams/{stream.id}")
    connection.putheader("Authorization", f"Bearer {stream.key}")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    data = clip.path.read_bytes()
    connection.send(b"%x\r\n" % len(data) + data + b"\r\n")
    return connection


def dial(
    service: Service, stream: Publishing, query: str = "?origin=webcam", *, key: str | None = None, **headers: str
) -> ClientConnection:
    """A WebSocket as a browser opens it: the stream's key, or `key`, is among the protocols; with `Authorization` none
    is offered."""
    address = f"ws://127.0.0.1:{service.port}/streams/{stream.id}/live{query}"
    offered = [] if "Authorization" in headers else protocols(stream.key if key is None else key)
    return connect(
        address,
        subprotocols=offered or None,
        additional_headers=headers,
        compression=None,
        ping_interval=None,
        legacy=True,
    )


def protocols(key: str) -> list[Subprotocol]:
    """The protocols that a browser offers."""
    data = base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")
    return [Subprotocol("media-analyzer"), Subprotocol(f"key.{data}")]
