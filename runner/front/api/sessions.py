"""Sessions of a stream: list, get, look again at a range of one."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from werkzeug import Response

from pipeline.detection.preview import preview as look
from pipeline.documents import sessions as store
from pipeline.documents import streams
from pipeline.domain import analysis, names
from pipeline.domain.errors import BadRequest, Failure
from pipeline.domain.model import FrameRef
from pipeline.sessions import reanalysis

from . import requests as body

if TYPE_CHECKING:
    from werkzeug import Request

_SHOWN = (
    *("started", "ended", "playlist", "vod", "codecs", "width", "height", "fps"),
    *("segments", "media_seconds", "repaired", "dropped", "error"),
)


def list_page(request: Request, stream: str) -> Response:
    """GET /streams/{stream}/sessions?limit=&after=: newest first; `next` is the `after` of the next page."""
    limit, after = body.limit(request.args.get("limit")), request.args.get("after")
    streams.get(names.check_stream(stream))
    found = store.newest(stream, limit + 1, after)
    more = len(found) > limit
    shown = [_shown(session, fields) for session, fields in found[:limit]]
    return body.answer({"sessions": shown, "next": found[limit - 1][0] if more else None})


def get(request: Request, stream: str, session: str) -> Response:
    """GET /streams/{stream}/sessions/{session}"""
    return body.answer({"session": _shown(session, store.get(names.check_stream(stream), session))})


def analyse(request: Request, stream: str, session: str) -> Response:
    """POST /streams/{stream}/sessions/{session}/analyses {"from"?, "to"?, "kinds"?, "id"?}: 202, looked at again soon.

    `from` and `to` are media time in seconds. `next` is the `from` to go on with, under the same `id`; null: all done.
    """
    given = body.fields(request, "from", "to", "kinds", "id")
    store.get(names.check_stream(stream), session)
    wanted = reanalysis.ReanalysisRequest(
        stream,
        session,
        id=_id(given.get("id")),
        start=_seconds(given, "from") or 0.0,
        end=_seconds(given, "to"),
        kinds=analysis.kinds(given.get("kinds", []), "kinds"),
    )
    if wanted.end is not None and wanted.end <= wanted.start:
        raise BadRequest("'to' must be later than 'from'")
    done = reanalysis.again(wanted)
    told = {"id": wanted.id, "frames": done.frames, "segments": done.segments, "next": done.next}
    return body.answer({"analysis": told}, 202)


def preview(request: Request, stream: str, session: str) -> Response:
    """POST /streams/{stream}/sessions/{session}/preview {"media_ms"}: the logos on one of its frames, surest first.

    Those below the threshold too, so that one can be chosen. One call of the provider; nothing is stored.
    """
    media_ms = body.fields(request, "media_ms").get("media_ms")
    if (
        isinstance(media_ms, bool)
        or not isinstance(media_ms, int)
        or not 0 <= media_ms < names.MAX_SESSION_SECONDS * 1000
    ):
        raise BadRequest("'media_ms' must be a frame's media time in whole milliseconds")
    found = look(FrameRef(names.check_stream(stream), names.check_session(session), media_ms))
    seen = found.analysis
    told = {name: getattr(seen, name) for name in ("provider", "model", "took_ms", "fallback_from")}
    detections = [{**asdict(one), "kind": one.kind.value} for one in seen.detections]
    return body.answer({"preview": {**told, "threshold": found.threshold, "detections": detections}})


def _shown(session: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: fields.get(name) for name in _SHOWN}
    failure = Failure.read(fields.get("error"))
    shown["error"] = failure and failure.message
    return {"id": session} | {k: v.isoformat() if isinstance(v, datetime) else v for k, v in shown.items()}


def _seconds(given: Mapping[str, Any], field: str) -> float | None:
    value = given.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < names.MAX_SESSION_SECONDS:
        raise BadRequest(f"'{field}' must be seconds of media time, from 0 on")
    return float(value)


def _id(value: Any) -> str:
    if value is None:
        return secrets.token_hex(8)
    if not isinstance(value, str) or not 1 <= len(value) <= 64 or not value.isascii() or not value.isalnum():
        raise BadRequest("'id' must be 1 to 64 letters and digits: the id of the request that this goes on with")
    return value
