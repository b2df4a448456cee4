"""The internal routes, as `pipeline.control` calls them.

An error carries the name of its class, by which the caller raises it again.

POST /control/streams/{stream}/key                  checks a stream's key
POST /control/streams/{stream}/lease                acquires its lease
GET  /control/streams/{stream}/lease                whether it is held
POST /control/streams/{stream}/lease/{operation}    renew, move, finished, suspend, rejoin, release
GET  /control/streams/{stream}/push                 the progress of an HLS push
PUT  /control/streams/{stream}/push                 replaces a version of it
POST /control/streams/{stream}/push/check           whether it goes on
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from flask import Blueprint, jsonify, request
from msgspec import Struct
from werkzeug import Response

from pipeline.cloud import http
from pipeline.cloud.google_errors import translate
from pipeline.control import push as wire
from pipeline.documents import leases, pushes, versions
from pipeline.documents.leases import Lease
from pipeline.domain import names, shapes
from pipeline.domain.errors import BadRequest, Failure, MediaAnalyzerError
from pipeline.domain.lease import LASTS, RESUME_SECONDS
from pipeline.domain.push import Push

from .. import publishing, refusals
from ..settings import front
from .callers import admit, callers

log = logging.getLogger(__name__)
routes = Blueprint("control", __name__, url_prefix="/control")
T = TypeVar("T")
_LARGEST = 1 << 20  # bytes of a body: a push with all that it waits for has some 20 kB


class _Key(Struct, forbid_unknown_fields=True):
    key: str | None
    address: str


class _Acquire(Struct, forbid_unknown_fields=True):
    holder: str
    token: str
    origin: str = "http"
    session: str | None = None
    join: bool = False
    resume_seconds: float = RESUME_SECONDS


class _State(Struct, forbid_unknown_fields=True):
    stream: str
    session: str
    token: str
    resumed: bool
    resume_seconds: float
    unfinished: list[str]
    version: str


class _Failure(Struct, forbid_unknown_fields=True):
    code: str
    message: str


class _Arguments(Struct, forbid_unknown_fields=True):
    session: str | None = None
    until: datetime | None = None
    error: _Failure | None = None
    push: bool = False


class _Operation(Struct, forbid_unknown_fields=True):
    lease: _State
    arguments: _Arguments


class _Check(Struct, forbid_unknown_fields=True):
    session: str


@routes.before_request
def only_services() -> None:
    """Lets only the named service accounts in."""
    admit(request)


@routes.errorhandler(Exception)
def refused(error: Exception) -> Response:
    """The response to an error, with the name of its class and its public sentence."""
    response = http.refused(error, path=request.path)
    known = translate(error)
    if isinstance(error, MediaAnalyzerError) or known.status < 500:
        said = http.problem_fields(known) | {"error": type(known).__name__, "public": known.public}
        response.set_data(json.dumps(said))
    return response


@routes.post("/streams/<stream>/key")
def check_key(stream: str) -> Response:
    """Checks a key of a stream, whose use is noted, or a publish token of a person."""
    asked = _body(_Key)
    of_relay = asked.address == callers().relay.partition(":")[0]  # a local one has a port
    with refusals.slowed(asked.address) if asked.key and not of_relay else nullcontext():
        publishing.authenticate(names.check_stream(stream), asked.key, asked.address, front().grant_secret)
    return Response(status=204)


@routes.post("/streams/<stream>/lease")
def acquire(stream: str) -> Response:
    """Acquires the lease of a stream, or joins it."""
    asked = _body(_Acquire)
    names.check_stream(stream)
    if asked.join:
        pushes.check(stream, asked.holder, datetime.now(UTC), timedelta(seconds=LASTS))
    lease = leases.acquire(
        stream,
        asked.holder,
        origin=asked.origin,
        session=asked.session,
        join=asked.join,
        resume_seconds=asked.resume_seconds,
        token=asked.token,
    )
    return _shown(lease)


@routes.get("/streams/<stream>/lease")
def is_held(stream: str) -> Response:
    """Whether the stream has a publisher, or a session that waits."""
    return jsonify(held=leases.held(names.check_stream(stream)) is not None)


@routes.post("/streams/<stream>/lease/<operation>")
def operate(stream: str, operation: str) -> Response:
    """An operation of a lease by its holder."""
    asked = _body(_Operation)
    do = _OPERATIONS.get(operation)
    if do is None:
        raise BadRequest(f"invalid operation {operation[:40]!r}: expected {', '.join(_OPERATIONS)}")
    state = asked.lease
    lease = leases.in_hand(
        names.check_stream(stream),
        state.session,
        state.token,
        state.resumed,
        state.resume_seconds,
        state.unfinished,
        state.version,
    )
    do(lease, asked.arguments)
    return _shown(lease)


@routes.get("/streams/<stream>/push")
def load_push(stream: str) -> Response:
    """The progress of an HLS push, null without one."""
    push = pushes.load(names.check_stream(stream))
    if push is None:
        return jsonify(push=None)
    return jsonify(push=wire.written(replace(push, version=push.version.rfc3339())))


@routes.put("/streams/<stream>/push")
def save_push(stream: str) -> Response:
    """Replaces a version of it."""
    push = _body(Push)
    if push.version is not None:
        push = replace(push, version=versions.read(str(push.version)))
    pushes.save(names.check_stream(stream), push)
    return Response(status=204)


@routes.post("/streams/<stream>/push/check")
def check_push(stream: str) -> Response:
    """Whether it goes on."""
    pushes.check_going_on(names.check_stream(stream), _body(_Check).session)
    return Response(status=204)


def prepare() -> None:
    """Fails the start if a variable is missing."""
    callers()


def _moves(lease: Lease, arguments: _Arguments) -> None:
    lease.move(_session(arguments))


def _finishes(lease: Lease, arguments: _Arguments) -> None:
    lease.finished(_session(arguments))


def _suspends(lease: Lease, arguments: _Arguments) -> None:
    if arguments.until is None:
        raise BadRequest("missing 'until': expected the time until which the session waits")
    error = arguments.error and Failure(arguments.error.code, arguments.error.message)
    lease.suspend(arguments.until, error)


_OPERATIONS: Mapping[str, Callable[[Lease, _Arguments], None]] = {
    "renew": lambda lease, _: lease.renew(),
    "move": _moves,
    "finished": _finishes,
    "suspend": _suspends,
    "rejoin": lambda lease, _: lease.rejoin(),
    "release": lambda lease, arguments: lease.release(push=arguments.push),
}


def _session(arguments: _Arguments) -> str:
    return names.check_session(arguments.session or "")


def _shown(lease: Lease) -> Response:
    return jsonify(
        stream=lease.stream,
        session=lease.session,
        token=lease.token,
        resumed=lease.resumed,
        resume_seconds=lease.resume_seconds,
        unfinished=lease.unfinished,
        version=lease.version,
    )


def _body(shape: type[T]) -> T:
    try:
        found: Any = json.loads(http.body(request, _LARGEST))
    except (ValueError, RecursionError):
        raise BadRequest("invalid body: expected JSON") from None
    return shapes.read(found, shape)
