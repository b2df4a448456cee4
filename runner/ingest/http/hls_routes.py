"""PUT and DELETE /streams/{stream}/{name}: requests of encoders that write HLS over HTTP (ffmpeg -f hls -method PUT).

Each request may reach another instance, so that no state is kept here.
"""

from __future__ import annotations

import time
from dataclasses import asdict

from flask import Blueprint, Response, current_app, g, jsonify, request
from werkzeug.wrappers import Response as AnyResponse

from pipeline.cloud import caller
from pipeline.control import lease
from pipeline.domain.errors import BadRequest, Unavailable, UnsupportedMedia
from pipeline.domain.names import check_stream

from ..hls import lease as hls_lease
from ..hls import paths, remux, staging
from ..hls.boxes import is_init
from ..hls.listing import parse
from ..hls.paths import Kind
from ..hls.push import Outcome, Pusher
from ..session.active_streams import ACTIVE_STREAMS
from ..session.bit_rate import BitRate
from ..settings import Ingest
from . import body_memory, credentials
from .body import Body

routes = Blueprint("hls_push", __name__)

_MAX_BYTES = {Kind.PLAYLIST: 1 << 20, Kind.TS: 32 << 20, Kind.FMP4: 32 << 20}  # 32 MiB is the limit of Cloud Run

_MAX_INIT_BYTES = 1 << 20
_INIT_SECONDS = 2.0


@routes.route("/streams/<stream>/<path:name>", methods=["PUT", "POST"])
def put(stream: str, name: str) -> tuple[Response, int]:
    """Takes a segment or a playlist. No byte of it is read before the key has been checked."""
    settings: Ingest = current_app.extensions["ingest"]
    body: Body = g.body
    _authenticate(stream, settings)
    name, kind = paths.check(name)
    if ACTIVE_STREAMS.closing:
        raise Unavailable("this instance is shutting down: send it again")
    pusher = Pusher(hls_lease.hold(stream, _sender(settings)), settings, request.headers.get("traceparent"))
    # A playlist is small, and may come while its segment is still on its way.
    place = f"{stream} playlists" if kind is Kind.PLAYLIST else stream
    with body_memory.reading(body, _MAX_BYTES[kind], name, place, at_once=is_init) as data:
        if kind is Kind.PLAYLIST:
            listing = parse(name, data, stream)
            outcome = pusher.listed(listing) if listing else Outcome(None)
        else:
            _stage(stream, name, kind, data, settings)
            outcome = pusher.arrived(name)
    return jsonify(asdict(outcome)), 200


@routes.delete("/streams/<stream>/<path:name>")
def delete(stream: str, name: str) -> tuple[str, int]:
    """Accepts the request of a sender that cleans up, and deletes nothing: lifecycle rules do."""
    _authenticate(stream, current_app.extensions["ingest"])
    paths.check(name)
    while g.body.read(1 << 16):
        continue
    return "", 204


@routes.after_request
def say_how(response: AnyResponse) -> AnyResponse:
    """Adds the other way to send the key to a 401."""
    if response.status_code == 401:
        response.headers.add("WWW-Authenticate", 'Basic realm="ingest", charset="UTF-8"')
    return response


def _stage(stream: str, name: str, kind: Kind, data: bytes, settings: Ingest) -> None:
    staging.make_room(stream)
    if kind is Kind.FMP4 and is_init(data):
        if len(data) > _MAX_INIT_BYTES:
            raise BadRequest(
                f"{name} is an initialisation segment of {len(data)} bytes: expected at most {_MAX_INIT_BYTES}"
            )
        staging.put(stream, name, data, None)
        return
    content = remux.measure(_with_init(stream, name, data) if kind is Kind.FMP4 else data)
    if round(content.duration) > settings.max_segment_seconds:
        raise UnsupportedMedia(
            f"{name} lasts {content.duration:.1f} s, more than {settings.max_segment_seconds}: "
            "make segments of 2 seconds (-hls_time 2) and set a keyframe interval of 2 seconds"
        )
    BitRate(settings.max_mbits).add(len(data), content.duration)
    staging.put(stream, name, data, content)


def _with_init(stream: str, name: str, data: bytes) -> bytes:
    """The initialisation segment, which its segment may overtake, and the segment."""
    patience = time.monotonic() + _INIT_SECONDS
    while True:
        stage = staging.look(stream)
        init = stage.init_for(name)
        found = staging.read(stream, init) if init else None
        if found is not None:
            return found + data
        if not staging.changed(stream, stage, patience):
            raise BadRequest(f"{name} came before its initialisation segment (EXT-X-MAP): send that first")


def _authenticate(stream: str, settings: Ingest) -> None:
    address = caller.address(request, settings.trusted_hops)
    lease.authenticate(check_stream(stream), credentials.key_of(request), address)


def _sender(settings: Ingest) -> str:
    """The sender's description, the same for all its requests."""
    return f"an HLS sender at {caller.address(request, settings.trusted_hops)}"
