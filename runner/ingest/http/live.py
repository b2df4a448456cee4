"""GET /streams/{stream}/live: a continuous WebSocket, which Cloud Run does not limit in size as it does HTTP/1 bodies.

The key authenticates, so a page of any origin may send: there is no cookie that a stranger's page could borrow.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import HTTPException

from pipeline.cloud import caller, http
from pipeline.cloud.google_errors import translate
from pipeline.documents import streams
from pipeline.domain.errors import MediaAnalyzerError, Unavailable
from pipeline.domain.names import check_stream

from ..session.publish import publish
from ..settings import Ingest
from . import credentials, websocket
from .live_sender import Hello, Notices, Sender, greet, origin

log = logging.getLogger(__name__)
routes = Blueprint("live", __name__)

_PATIENCE = 10.0  # seconds for the first message
_STRANGERS = threading.BoundedSemaphore(8)  # each holds a thread, and has shown no key yet
_NORMAL = 1000
_PRIVATE = 4000  # RFC 6455: codes from here on are the application's


class UpgradeRequired(HTTPException):
    """426, which werkzeug has no class for."""

    code = 426  # its name is the registry's


class Upgraded(Response):
    """What is left to answer once the connection is no longer HTTP: nothing."""

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """gunicorn's way to be told so."""
        raise StopIteration


@routes.get("/streams/<stream>/live", websocket=True)
def live(stream: str) -> Response:
    """Publishes the binary messages as a session of `stream`."""
    stream = check_stream(stream)
    settings: Ingest = current_app.extensions["ingest"]
    socket = websocket.accept(request)
    try:
        ended = _publish(stream, socket, settings)
    except Exception as error:  # noqa: BLE001 - every failure becomes a message, and the connection is closed with care
        _refuse(socket, stream, error)
    else:
        socket.send(json.dumps(ended))
        socket.close(_NORMAL)
    return Upgraded()


@routes.get("/streams/<stream>/live")
def plain(stream: str) -> Response:
    """Says that this is the address of a WebSocket."""
    raise UpgradeRequired("this is the address of a WebSocket: connect to it with ws:// or wss://")


def _publish(stream: str, socket: websocket.WebSocket, settings: Ingest) -> dict[str, Any]:
    hello = _hello(socket)
    streams.authenticate(stream, hello.key)
    sender = Sender(socket, settings.sender_timeout, settings.connection_seconds)
    summary = publish(
        stream,
        sender,
        settings=settings,
        stop=sender.stop,
        holder=f"a sender ({hello.origin}) at {caller.address(request, settings.trusted_hops)}",
        origin=hello.origin,
        on_listed=Notices(socket),
    )
    if sender.stopped:
        raise Unavailable(
            f"the sender was asked to stop after {summary.segments} segments, all of them stored: connect again"
        )
    return {"type": "ended", **asdict(summary)}


def _hello(socket: websocket.WebSocket) -> Hello:
    """The key and the origin: from the request where it has them, else from the first message."""
    if key := credentials.key_of(request):
        return Hello(key, origin(request.args.get("origin")))
    with _stranger():
        return greet(socket, _PATIENCE)


@contextmanager
def _stranger() -> Generator[None]:
    if not _STRANGERS.acquire(blocking=False):
        raise Unavailable("too many connections wait to show their key: try again in a few seconds")
    try:
        yield
    finally:
        _STRANGERS.release()


def _refuse(socket: websocket.WebSocket, stream: str, error: Exception) -> None:
    known = translate(error)
    if type(known) is MediaAnalyzerError:
        log.error("unexpected: %s", known, exc_info=error, extra={"labels": {"stream": stream}})
    socket.send(json.dumps({"type": "error", **http.problem_fields(known)}))
    socket.close(_PRIVATE + known.status, known.title)
