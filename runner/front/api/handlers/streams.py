"""Streams: create, list, get, change, delete; their keys and publishers."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from msgspec import UNSET
from werkzeug import Response

from pipeline.documents import streams as store
from pipeline.domain import analysis, keys, names
from pipeline.domain.model import AnalysisSettings, Stream
from pipeline.maintenance.removal import remove
from pipeline.sessions.stop import stop as stop_publisher

from ..models.requests import NewStream, StreamChange
from ..requests import json_fields, json_response, limit_of
from ..settings import api

if TYPE_CHECKING:
    from werkzeug import Request

_DELETING = 40.0  # seconds of one request, which may take 60


def create(request: Request) -> Response:
    """POST /streams {"name", "id"?, "settings"?}: 201 with the stream and its key, which is never shown again."""
    given = json_fields(request, NewStream)
    name = given.name.strip()
    stream = Stream(
        id=names.check_stream(_derived_id(name) if given.id is None else given.id),
        name=name,
        settings=_settings(given, AnalysisSettings()),
        created=datetime.now(UTC),
    )
    key = keys.new_key()
    store.create(stream, key)
    told = {"ingest_url": f"{api().ingest_url.rstrip('/')}/streams/{stream.id}"} if api().ingest_url else {}
    response = json_response({"stream": shown(stream), "key": key, **told}, 201)
    response.headers["Location"] = f"{request.script_root}/streams/{stream.id}"
    return response


def list_page(request: Request) -> Response:
    """GET /streams?limit=&after=: {"streams", "next"}; `next` is the `after` of the next page, null on the last."""
    limit = limit_of(request.args.get("limit"))
    after = request.args.get("after")
    found = store.list_all(limit + 1, None if after is None else names.check_stream(after))
    more = len(found) > limit
    return json_response(
        {"streams": [shown(stream) for stream in found[:limit]], "next": found[limit - 1].id if more else None}
    )


def get(request: Request, stream: str) -> Response:
    """GET /streams/{stream}"""
    return json_response({"stream": shown(store.get(names.check_stream(stream)))})


def change(request: Request, stream: str) -> Response:
    """PATCH /streams/{stream} {"name"?, "settings"?}: settings are replaced as a whole."""
    given = json_fields(request, StreamChange)
    current = store.get(names.check_stream(stream))
    changed = replace(
        current,
        name=current.name if given.name is UNSET else given.name.strip(),
        settings=_settings(given, current.settings),
    )
    store.describe(stream, changed.name, changed.settings)
    return json_response({"stream": shown(changed)})


def delete(request: Request, stream: str) -> Response:
    """DELETE /streams/{stream}: its key, its objects, its documents. 204; 202 where there is more: send it again."""
    store.get(names.check_stream(stream))
    if remove(stream, _DELETING):
        return Response(status=204)
    response = json_response({"detail": "much has been deleted, and there is more: send this again"}, 202)
    response.headers["Retry-After"] = "1"
    return response


def rotate_key(request: Request, stream: str) -> Response:
    """POST /streams/{stream}/key: a new key, shown once. The old one is void; a connected publisher goes on."""
    store.get(names.check_stream(stream))
    key = keys.new_key()
    store.rotate_key(stream, key)
    return json_response({"key": key})


def stop(request: Request, stream: str) -> Response:
    """POST /streams/{stream}/stop: 202; the publisher is disconnected within seconds and the session ends."""
    store.get(names.check_stream(stream))
    held = stop_publisher(stream)
    told = held and {"holder": held.holder, "session": held.session, "since": held.acquired.isoformat()}
    return json_response({"stopped": told}, 202)


def shown(stream: Stream) -> dict[str, Any]:
    """A stream as the API shows it."""
    return {
        "id": stream.id,
        "name": stream.name,
        "state": stream.state.value,
        "source": stream.source,
        "session": stream.session,
        "settings": stream.settings.fields(endpoints=False),
        "last_segment_at": stream.last_segment_at.isoformat() if stream.last_segment_at else None,
        "error": stream.error and stream.error.message,
        "created": stream.created.isoformat() if stream.created else None,
    }


def _settings(given: NewStream | StreamChange, otherwise: AnalysisSettings) -> AnalysisSettings:
    return otherwise if given.settings is UNSET else analysis.settings(given.settings, "settings")


def _derived_id(name: str) -> str:
    readable = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-")
    return f"{readable or 'stream'}-{secrets.token_hex(3)}"
