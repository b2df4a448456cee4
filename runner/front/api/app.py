"""A request in, a response out: the route, the caller, CORS, and errors as problem+json."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace

from werkzeug import Request, Response

from pipeline.clips.job import job as cutter
from pipeline.cloud import caller, http
from pipeline.cloud.clients import preload
from pipeline.documents.sponsor.settings import frozen_reports
from pipeline.domain import quotas
from pipeline.domain.settings import Common, load
from pipeline.imports.settings import uploads

from .. import refusals
from ..people.caller import note
from . import audited, cors
from .access import RIGHTS, admit
from .routes import BY_HANDLER, ROUTES
from .settings import api


def prepare() -> None:
    """Fails the start if a variable is missing."""
    load(Common)
    quotas.prepare()
    api()
    uploads()
    frozen_reports()
    cutter()
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
    address = _address(request)
    with refusals.slowed(address) if http.bearer(request) else nullcontext():  # who sends no key guesses none
        admitted = admit(request, RIGHTS[endpoint], arguments.get("stream"))
    known = replace(admitted, address=address)
    note(request, known)
    with audited.recorded(request, BY_HANDLER[endpoint], known, arguments.get("stream")):
        return endpoint(request, **arguments)


def _address(request: Request) -> str:
    return caller.address(request, api().trusted_hops)
