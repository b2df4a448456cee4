"""GET /streams/{stream}/live: a continuous WebSocket, whose size Cloud Run does not limit as it does HTTP/1 bodies.

The key authenticates, so a page of any origin may connect: there is no cookie that another site could use. The
handshake carries it, so that a connection without the right key holds no thread.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import HTTPException

from pipeline.cloud import caller, http
from pipeline.cloud.google_errors import translate
from pipeline.control import lease as leases
from pipeline.domain import shapes
from pipeline.domain.errors import MediaAnalyzerError, Unavailable
from pipeline.domain.names import check_stream

from ..session.publish import publish
from ..settings import Ingest
from . import credentials, websocket
from .live_sender import Notices, Query, Sender

log = logging.getLogger(__name__)
routes = Blueprint("live", __name__)

_NORMAL = 1000
_APPLICATION_CODES = 4000  # RFC 6455: codes from here on are the application's


class UpgradeRequired(HTTPException):
    """426, for which werkzeug has no class."""

    code = 426  # its name is the registry's


class Upgraded(Response):
    """The empty response of a connection that is no longer HTTP."""

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Tells gunicorn that the connection has been taken over."""
        raise StopIteration


@routes.get("/streams/<stream>/live", websocket=True)
def live(stream: str) -> Response:
    """Publishes the binary messages as a session of `stream`."""
    stream = check_stream(stream)
    settings: Ingest = current_app.extensions["ingest"]
    sent_as = shapes.read(request.args.to_dict(), Query).origin
    address = caller.address(request, settings.trusted_hops)
    offered = credentials.offered_key(request)
    if offered is None:
        leases.authenticate(stream, credentials.key_of(request), address)
    socket = websocket.accept(request, credentials.PROTOCOL)
    try:
        if offered is not None:  # here, since a browser shows a page nothing of an answer to its handshake
            leases.authenticate(stream, offered, address)
        ended = _publish(stream, socket, sent_as, address, settings)
    except Exception as error:  # noqa: BLE001 - every failure becomes a message, and the connection closes after it
        _refuse(socket, stream, error)
    else:
        socket.send(json.dumps(ended))
        socket.close(_NORMAL)
    return Upgraded()


@routes.get("/streams/<stream>/live")
def plain(stream: str) -> Response:
    """Refuses a request that is not a WebSocket's."""
    raise UpgradeRequired("this is the address of a WebSocket: connect to it with ws:// or wss://")


def _publish(stream: str, socket: websocket.WebSocket, origin: str, address: str, settings: Ingest) -> dict[str, Any]:
    sender = Sender(socket, settings.sender_timeout, settings.connection_seconds)
    summary = publish(
        stream,
        sender,
        settings=settings,
        stop=sender.stop,
        holder=f"a sender ({origin}) at {address}",
        origin=origin,
        on_listed=Notices(socket),
    )
    if sender.stopped:
        raise Unavailable(
            f"the sender was asked to stop after {summary.segments} segments, all of them stored: connect again"
        )
    return {"type": "ended", **asdict(summary)}


def _refuse(socket: websocket.WebSocket, stream: str, error: Exception) -> None:
    known = translate(error)
    if type(known) is MediaAnalyzerError:
        log.error("unexpected: %s", known, exc_info=error, extra={"labels": {"stream": stream}})
    socket.send(json.dumps({"type": "error", **http.problem_fields(known)}))
    socket.close(_APPLICATION_CODES + known.status, known.title, stranger=known.status == 401)
