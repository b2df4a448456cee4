"""A request in, a response out: the route, the key, CORS, and errors as problem+json."""

from __future__ import annotations

import hmac
from contextlib import nullcontext

from werkzeug import Request, Response

from pipeline.cloud import caller, http
from pipeline.cloud.clients import preload
from pipeline.documents.control import stream_keys
from pipeline.domain.errors import Unauthorized
from pipeline.domain.names import check_stream
from pipeline.domain.settings import Common, load
from pipeline.imports.settings import uploads

from .. import refusals
from . import cors
from .routes import BY_STREAM_KEY, OPEN, ROUTES
from .settings import api


def prepare() -> None:
    """Fails the start if a variable is missing."""
    load(Common)
    api()
    uploads()
    preload("storage", "firestore")


def respond(request: Request) -> Response:
    """The response to any request; nothing is raised."""
    if cors.is_preflight(request):
        return cors.allow(Response(status=204), request)
    try:
        response = _dispatch(request)
    except Exception as error:  # noqa: BLE001 - the edge: every failure becomes an answer here
        refusals.note(request, _address(request), error)
        response = http.refused(error, method=request.method, path=request.path)
    return cors.allow(response, request)


application = Request.application(respond)
"""The API as a WSGI application: mount it where it is to answer."""


def _dispatch(request: Request) -> Response:
    endpoint, arguments = ROUTES.bind_to_environ(request.environ).match()
    if endpoint not in OPEN:
        stream = arguments["stream"] if endpoint in BY_STREAM_KEY else None
        key = http.bearer(request)
        with refusals.slowed(_address(request)) if key else nullcontext():  # who sends none guesses none
            _authorize(key, stream)
    return endpoint(request, **arguments)


def _address(request: Request) -> str:
    return caller.address(request, api().trusted_hops)


def _authorize(key: str, stream: str | None) -> None:
    """The admin key opens every route; a stream's key those of `stream`, if it is given."""
    # Compared as bytes, in constant time: the time it takes tells nothing of the key.
    if hmac.compare_digest(key.encode(), api().admin_key.encode()):
        return
    if stream is None:
        raise Unauthorized("the admin key is missing or wrong: send it as 'Authorization: Bearer KEY'")
    stream_keys.authenticate(check_stream(stream), key)
