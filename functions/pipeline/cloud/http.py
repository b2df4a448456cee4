"""The edge of HTTP, for every service: the key of a request, a body within its limit, an error as problem+json.

The class of an error says its status and headers (errors.py). A Flask application installs `refused` as its handler of
every exception.
"""

from __future__ import annotations

import json
import logging
from typing import Any

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException

from ..domain.errors import BadRequest, MediaAnalyzerError
from .google_errors import translate

log = logging.getLogger(__name__)

_TYPE = "application/problem+json"


def bearer(request: Request) -> str:
    """The key of 'Authorization: Bearer KEY'; empty without that header, or with another scheme."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def body(request: Request, largest: int, name: str = "body") -> bytes:
    """The whole body, of at most `largest` bytes. Raises BadRequest, which calls it `name`."""
    announced = request.content_length or 0
    data = request.stream.read(largest + 1) if announced <= largest else b""
    if max(announced, len(data)) > largest:
        limit = f"{largest >> 20} MiB" if largest >> 20 else f"{largest} bytes"
        raise BadRequest(f"the {name} is larger than {limit}")
    return data


def refused(error: Exception, **labels: str) -> Response:
    """The response to a request that ended with `error`, of any class. Errors that are not the caller's fault are
    logged, with `labels`."""
    if isinstance(error, HTTPException):
        return _of_router(error)
    known = translate(error)
    labels["error"] = type(error).__name__
    if type(known) is MediaAnalyzerError:
        log.error("unexpected: %s", known, exc_info=error, extra={"labels": labels})
    elif known.status >= 500:
        log.warning("%s", known, extra={"labels": labels})
    return problem(known)


def problem(error: MediaAnalyzerError) -> Response:
    """The error as application/problem+json (RFC 9457)."""
    body = {"type": "about:blank", **problem_fields(error)}
    return Response(json.dumps(body), error.status, content_type=_TYPE, headers=dict(error.headers))


def problem_fields(error: MediaAnalyzerError) -> dict[str, Any]:
    """`status`, `title` and `detail`. A defect's details stay in the log."""
    detail = "The error was logged." if type(error) is MediaAnalyzerError else str(error)
    return {"title": error.title, "status": error.status, "detail": detail}


def _of_router(error: HTTPException) -> Response:
    """A refusal of the router or of werkzeug (404, 405, …), with its own headers, such as Allow."""
    response = error.get_response()
    body = {"type": "about:blank", "title": error.name, "status": error.code, "detail": error.description}
    response.set_data(json.dumps(body))
    response.content_type = _TYPE
    return response
