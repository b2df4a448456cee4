"""The routes of the front door.

/                     the page: see site.py
/m/{grant}/{object}   a stream's media: see media.py
/api/…                the API: see api/routes.py
/control/…            for services of the deployment alone: see control/routes.py
/health               whether this instance answers
"""

from __future__ import annotations

from flask import Flask, Response, jsonify, request
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from pipeline.cloud import http, metrics

from . import media, site
from .api import app as api
from .api import cors
from .control import routes as control
from .counted import counted
from .headers import secured
from .settings import front


def create_app() -> Flask:
    """The application. Raises ValueError where a variable is missing."""
    front()
    metrics.configure("front")
    api.prepare()
    control.prepare()
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/health", view_func=health)
    app.register_blueprint(control.routes)
    app.register_blueprint(media.routes)
    app.register_blueprint(site.routes)
    app.register_error_handler(Exception, http.refused)
    app.after_request(_shared)
    routed = DispatcherMiddleware(app.wsgi_app, {"/api": api.application})
    app.wsgi_app = counted(secured(routed))  # pyright: ignore[reportAttributeAccessIssue] - as Flask's documentation does
    return app


def health() -> Response:
    """200 while this instance answers."""
    return jsonify(status="ok")


def _shared(response: Response) -> Response:
    """Pages of other origins, where some are allowed, play media too."""
    if request.blueprint == media.routes.name:
        cors.allow(response, request)
    return response
