"""The routes of the CLIP service. Who may call it IAM says, or where it has a key of its own (CLIP_KEY_HASH), that key.

POST /v1/detect   pictures, and brands or prompts -> detections with boxes
POST /v1/embed    pictures, texts -> points of one space
GET  /health      200 once the model is loaded; also /healthz, which Cloud Run keeps for itself
GET  /info        the model, what it runs on, how many images wait
GET  /metrics     for Prometheus
"""

from __future__ import annotations

import time

from flask import Blueprint, Flask, Response, current_app, g, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from pipeline.cloud import http
from pipeline.cloud import metrics as measured
from pipeline.domain import keys
from pipeline.domain.errors import BadRequest, Unauthorized
from pipeline.domain.settings import load

from . import requests
from .service import Service
from .settings import Clip

routes = Blueprint("clip", __name__)
_OPEN = ("/health", "/healthz")
_MOST_BODY = 32 * 2**20  # bytes: Cloud Run takes no more


def create_app(service: Service | None = None) -> Flask:
    """The application. The model is loaded here, so that an instance that answers is ready."""
    measured.configure("clip")
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _MOST_BODY
    app.extensions["clip"] = service or Service(load(Clip))
    app.register_blueprint(routes)
    app.register_error_handler(Exception, http.refused)
    app.before_request(_begin)
    app.before_request(_authenticate)
    app.after_request(_count)
    return app


@routes.post("/v1/detect")
def detect() -> Response:
    """{images: [{content} | {uri}], brands: [{id, name, prompts} | id] | prompts: [text], threshold}"""
    service = _service()
    results = service.detect(requests.detect(request.get_json(), service.settings.threshold))
    return jsonify(model=service.model.name, device=service.model.device, results=results)


@routes.post("/v1/embed")
def embed() -> Response:
    """{images: [{content} | {uri}], texts: [text]}, one of them or both"""
    service, body = _service(), request.get_json()
    if not isinstance(body, dict) or not body or any(field not in ("images", "texts") for field in body):
        raise BadRequest("the body must be an object with 'images', 'texts' or both")
    pictures = requests.images(body["images"]) if "images" in body else ()
    texts = requests.texts(body["texts"], "texts") if "texts" in body else ()
    images, said = service.embed(pictures, texts)
    return jsonify(model=service.model.name, device=service.model.device, images=images.tolist(), texts=said.tolist())


@routes.get("/health")
@routes.get("/healthz")
def health() -> Response:
    """The model is loaded, or nothing would answer."""
    return jsonify(status="ok")


@routes.get("/info")
def info() -> Response:
    """What runs, and how busy it is."""
    service = _service()
    return jsonify(
        service="clip",
        model=service.model.name,
        device=service.model.device,
        crop=service.model.side,
        batch=service.settings.batch,
        queue=service.admission.inside,
        queue_limit=service.settings.queue,
    )


@routes.get("/metrics")
def metrics() -> Response:
    """Prometheus' text format."""
    return Response(generate_latest(_service().metrics.registry), content_type=CONTENT_TYPE_LATEST)


def _service() -> Service:
    return current_app.extensions["clip"]


def _begin() -> None:
    g.began = time.monotonic()


def _authenticate() -> None:
    """Raises Unauthorized where a key is wanted and not sent. Only health checks go without."""
    expected = _service().settings.key_hash
    if not expected or request.path in _OPEN:
        return
    if not keys.matches(http.bearer(request), expected):
        raise Unauthorized("the CLIP service's key is missing or wrong: send it as 'Authorization: Bearer KEY'")


def _count(response: Response) -> Response:
    route = request.url_rule.rule if request.url_rule else "none"  # never the path: it is anybody's to choose
    _service().metrics.answered(route, response.status_code, time.monotonic() - g.began)
    return response
