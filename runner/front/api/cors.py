"""Cross-origin requests. No cookies are used, so that an origin without the key can do nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..people import app_check
from .settings import api

if TYPE_CHECKING:
    from werkzeug import Request, Response


def is_preflight(request: Request) -> bool:
    """Whether a browser asks if it may send the real request."""
    return request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers


def allow(response: Response, request: Request) -> Response:
    """Adds the headers that let a page of an allowed origin read `response`."""
    origin, allowed = request.headers.get("Origin"), api().allowed_origins
    if "*" not in allowed:
        response.headers.add("Vary", "Origin")
    if origin is None or ("*" not in allowed and origin not in allowed):
        return response
    response.headers["Access-Control-Allow-Origin"] = "*" if "*" in allowed else origin
    if is_preflight(request):
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, PATCH, DELETE"
        response.headers["Access-Control-Allow-Headers"] = f"Authorization, Content-Type, {app_check.HEADER}"
        response.headers["Access-Control-Max-Age"] = "3600"
    return response
