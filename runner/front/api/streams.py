"""Streams: create, list, get, change, delete; their keys and publishers."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from werkzeug import Response

from pipeline.documents import streams as store
from pipeline.domain import analysis, keys, names
from pipeline.domain.errors import BadRequest
from pipeline.domain.model import AnalysisSettings, Stream
from pipeline.maintenance.removal import remove
from pipeline.sessions.stop import stop as stop_publisher

from . import requests as body
from .settings import api

if TYPE_CHECKING:
    from werkzeug import Request

_DELETING = 40.0  # seconds of one request, which may take 60


def create(request: Request) -> Response:
    """POST /streams {"name", "id"?, "settings"?}: 201 with the stream and its key, which is never shown again."""
    given = body.fields(request, "id", "name", "settings")
    name = body.name(given.get("name"))
    stream = Stream(
        id=names.check_stream(given["id"] if isinstance(given.get("id"), str) else _derived_id(given, name)),
        name=name,
        settings=_settings(given["settings"]) if "settings" in given else AnalysisSettings(),
        created=datetime.now(UTC),
    )
    key = keys.new_key()
    store.create(stream, key)
    told = {"ingest_url": f"{api().ingest_url.rstrip('/')}/streams/{stream.id}"} if api().ingest_url else {}
    response = body.answer({"stream": shown(stream), "key": key, **told}, 201)
    response.headers["Location"] = f"{request.script_root}/streams/{stream.id}"
    return response


def list_page(request: Request) -> Response:
    """GET /streams?limit=&after=: {"streams", "next"}; `next` is the `after` of the next page, null on the last."""
    limit = body.limit(request.args.get("limit"))
    after = request.args.get("after")
    found = store.list_all(limit + 1, None if after is None else names.check_stream(after))
    more = len(found) > limit
    return body.answer(
        {"streams": [shown(stream) for stream in found[:limit]], "next": found[limit - 1].id if more else None}
    )


def get(request: Request, stream: str) -> Response:
    """GET /streams/{stream}"""
    return body.answer({"stream": shown(store.get(names.check_stream(stream)))})


def change(request: Request, stream: str) -> Response:
    """PATCH /streams/{stream} {"name"?, "settings"?}: settings are replaced as a whole."""
    given = body.fields(request, "name", "settings")
    current = store.get(names.check_stream(stream))
    changed = replace(
        current,
        name=body.name(given["name"]) if "name" in given else current.name,
        settings=_settings(given["settings"]) if "settings" in given else current.settings,
    )
    store.describe(stream, changed.name, changed.settings)
    return body.answer({"stream": shown(changed)})


def delete(request: Request, stream: str) -> Response:
    """DELETE /streams/{stream}: its key, its objects, its documents. 204; 202 where there is more: send it again."""
    store.get(names.check_stream(stream))
    if remove(stream, _DELETING):
        return Response(status=204)
    response = body.answer({"detail": "much has been deleted, and there is more: send this again"}, 202)
    response.headers["Retry-After"] = "1"
    return response


def rotate_key(request: Request, stream: str) -> Response:
    """POST /streams/{stream}/key: a new key, shown once. The old one opens nothing any more; who publishes goes on."""
    store.get(names.check_stream(stream))
    key = keys.new_key()
    store.rotate_key(stream, key)
    return body.answer({"key": key})


def stop(request: Request, stream: str) -> Response:
    """POST /streams/{stream}/stop: 202, whoever publishes is disconnected within seconds and the session ends."""
    store.get(names.check_stream(stream))
    held = stop_publisher(stream)
    told = held and {"holder": held.holder, "session": held.session, "since": held.acquired.isoformat()}
    return body.answer({"stopped": told}, 202)


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


def _settings(value: Any) -> AnalysisSettings:
    return analysis.parse(value, "settings", endpoints=False)


def _derived_id(given: Any, name: str) -> str:
    if given.get("id") is not None:
        raise BadRequest("'id' must be a string")
    readable = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-")
    return f"{readable or 'stream'}-{secrets.token_hex(3)}"
