"""The routes of the CLIP service. IAM decides who may call it, or the key whose hash is in CLIP_KEY_HASH.

POST /v1/detect   pictures, and brands or prompts, scenes -> detections with boxes, labels
POST /v1/find     pictures, and words, brands by their marks -> detections with boxes, by OWLv2
GET  /health      200 once the model is loaded; also /healthz, which Cloud Run keeps for itself
GET  /info        the model, what it runs on, the images that wait
GET  /metrics     for Prometheus
"""

from __future__ import annotations

import time

from flask import Blueprint, Flask, Response, current_app, g, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from pipeline.cloud import http
from pipeline.cloud import metrics as measured
from pipeline.domain import keys
from pipeline.domain.errors import Unauthorized
from pipeline.domain.settings import load

from . import requests
from .owl import requests as find_requests
from .service import Service
from .settings import Clip

routes = Blueprint("clip", __name__)
_OPEN = ("/health", "/healthz")
_MAX_BODY_BYTES = 32 << 20  # the limit of Cloud Run


def create_app(service: Service | None = None) -> Flask:
    """The application. Loads the model, so that an instance that answers is ready."""
    measured.configure("clip")
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _MAX_BODY_BYTES
    app.extensions["clip"] = service or Service(load(Clip))
    app.register_blueprint(routes)
    app.register_error_handler(Exception, http.refused)
    app.before_request(_begin)
    app.before_request(_authenticate)
    app.after_request(_count)
    return app


@routes.post("/v1/detect")
def detect() -> Response:
    """{images: [{content} | {uri}], brands: [{id, name, prompts} | id] | prompts: [text], scenes: [text], threshold}"""
    service = _service()
    results = service.detect(requests.detect(request.get_json(), service.settings.threshold))
    model = service.model
    return jsonify(model=model.name, device=model.device, digest=model.digest, results=results)


@routes.post("/v1/find")
def find() -> Response:
    """{images: [{content} | {uri}], words: [text], brands: [{id, marks: [digest] | prompts}], marks, threshold}"""
    service = _service()
    results, missing = service.find(find_requests.find(request.get_json(), service.settings.threshold))
    model = service.owl
    assert model is not None  # else the request was refused
    said = {"model": model.name, "device": model.device, "digest": model.digest, "results": results}
    return jsonify({**said, "missing": list(missing)} if missing else said)


@routes.get("/health")
@routes.get("/healthz")
def health() -> Response:
    """200: the model is loaded before the first request."""
    return jsonify(status="ok")


@routes.get("/info")
def info() -> Response:
    """The model, its device, and how busy it is."""
    service = _service()
    return jsonify(
        service="clip",
        model=service.model.name,
        device=service.model.device,
        digest=service.model.digest,
        crop=service.model.side,
        batch=service.settings.batch,
        queue=service.admission.inside,
        queue_limit=service.settings.queue,
        owl=service.owl.name if service.owl else None,
    )


@routes.get("/metrics")
def metrics() -> Response:
    """Metrics in the text format of Prometheus."""
    return Response(generate_latest(_service().metrics.registry), content_type=CONTENT_TYPE_LATEST)


def _service() -> Service:
    return current_app.extensions["clip"]


def _begin() -> None:
    g.began = time.monotonic()


def _authenticate() -> None:
    """Raises Unauthorized without the right key. Health checks need none."""
    expected = _service().settings.key_hash
    if not expected or request.path in _OPEN:
        return
    if not keys.matches(http.bearer(request), expected):
        raise Unauthorized("the CLIP service's key is missing or wrong: send it as 'Authorization: Bearer KEY'")


def _count(response: Response) -> Response:
    route = request.url_rule.rule if request.url_rule else "none"  # never the path, which any caller can choose
    _service().metrics.answered(route, response.status_code, time.monotonic() - g.began)
    return response
