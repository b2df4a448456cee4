"""The routes of the front door.

/api/…    the API: see api/routes.py
/health   whether this instance answers
"""

from __future__ import annotations

from flask import Flask, Response, jsonify
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from .api import app as api


def create_app() -> Flask:
    """The application. Raises ValueError where a variable is missing."""
    api.prepare()
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/health", view_func=health)
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/api": api.application})
    return app


def health() -> Response:
    """200 while this instance answers."""
    return jsonify(status="ok")
