"""The routes of the ingest service.

POST /streams/{stream}        a continuous body; answers when it ends
GET  /streams/{stream}/live   a WebSocket: see live.py
PUT  /streams/{stream}/{name} a segment or playlist of an HLS push: see hls_routes.py
GET  /health                  whether this instance takes streams (Cloud Run keeps /healthz for itself)
GET  /                        the service, and the formats that it accepts
"""

from __future__ import annotations

from dataclasses import asdict
from functools import partial

from flask import Blueprint, Flask, Response, current_app, g, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from pipeline.cloud import caller, http, metrics, tracing
from pipeline.control import client
from pipeline.control import lease as leases
from pipeline.domain.errors import Unavailable
from pipeline.domain.names import check_stream
from pipeline.domain.settings import Common, load

from ..media.probe import ACCEPTED
from ..session.active_streams import ACTIVE_STREAMS
from ..session.publish import publish as publish_source
from ..settings import Ingest
from . import credentials, hls_routes, live
from .body import Body

routes = Blueprint("ingest", __name__)


def create_app(settings: Ingest | None = None) -> Flask:
    """The application. `app.extensions["streams"]` holds the streams that are being published."""
    tracing.configure("ingest")
    metrics.configure("ingest")
    app = Flask(__name__)
    settings = settings or load(Ingest)
    load(client.Settings)
    load(Common)  # a variable that is missing fails here, not at the first sender
    app.extensions["ingest"] = settings
    app.extensions["streams"] = ACTIVE_STREAMS
    app.register_blueprint(routes)
    app.register_blueprint(live.routes)
    app.register_blueprint(hls_routes.routes)
    app.register_error_handler(Exception, http.refused)
    return app


@routes.get("/")
def info() -> Response:
    """The service, and the formats that it accepts."""
    return jsonify(
        service="ingest",
        publish="POST /streams/{stream}, with the stream's key as 'Authorization: Bearer KEY'",
        accepts=ACCEPTED,
        streams=len(ACTIVE_STREAMS),
    )


@routes.get("/health")
def health() -> tuple[Response, int]:
    """200 while this instance takes streams, 503 once it is shutting down."""
    closing = ACTIVE_STREAMS.closing
    return jsonify(status="closing" if closing else "ok", streams=len(ACTIVE_STREAMS)), 503 if closing else 200


@routes.post("/streams/<stream>")
def publish(stream: str) -> AnyResponse:
    """Publishes the body as a session of `stream`. No byte of it is read before the key has been checked."""
    settings: Ingest = current_app.extensions["ingest"]
    return _publish(check_stream(stream), g.body, settings)


@routes.before_app_request
def begin() -> None:
    """Prepares the body, which is read only after the key has been checked, and refuses a key in the address."""
    settings: Ingest = current_app.extensions["ingest"]
    if request.method in ("POST", "PUT", "DELETE"):
        live = request.path.count("/") < 3  # of HLS, each request is a segment or a playlist
        g.body = Body.of(request, settings.sender_timeout, settings.post_max_mib << 20 if live else 0, live=live)
    credentials.refuse_in_address(request)


@routes.after_app_request
def close_with_care(response: Response) -> Response:
    """Lets the sender read an answer that comes before the end of its body."""
    if body := g.get("body"):
        response.call_on_close(partial(body.linger, stranger=response.status_code == 401))
    return response


def _publish(stream: str, body: Body, settings: Ingest) -> Response:
    address = caller.address(request, settings.trusted_hops)
    leases.authenticate(stream, credentials.key_of(request), address)
    holder = f"http from {address}"
    summary = publish_source(stream, body, settings=settings, stop=body.stop, holder=holder, origin="http")
    if body.full:
        raise RequestEntityTooLarge(
            f"Cloud Run takes 32 MiB in one request: {summary.segments} segments are stored, and a new request "
            "continues the session. Without this limit: media-analyzer-send (a WebSocket), HLS "
            "(-f hls -method PUT), RTMP"
        )
    if body.stopped:
        raise Unavailable(
            f"the sender was asked to stop after {summary.segments} segments, all of them stored: connect again"
        )
    return jsonify(asdict(summary))
