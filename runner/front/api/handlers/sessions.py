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

from ..models.requests import Preview, Range
from ..requests import json_fields, json_response, limit_of

if TYPE_CHECKING:
    from werkzeug import Request

_SHOWN = (
    *("started", "ended", "playlist", "vod", "codecs", "width", "height", "fps"),
    *("segments", "media_seconds", "repaired", "dropped", "error"),
)


def list_page(request: Request, stream: str) -> Response:
    """GET /streams/{stream}/sessions?limit=&after=: newest first; `next` is the `after` of the next page."""
    limit, after = limit_of(request.args.get("limit")), request.args.get("after")
    streams.get(names.check_stream(stream))
    found = store.newest(stream, limit + 1, after)
    more = len(found) > limit
    shown = [_shown(session, fields) for session, fields in found[:limit]]
    return json_response({"sessions": shown, "next": found[limit - 1][0] if more else None})


def get(request: Request, stream: str, session: str) -> Response:
    """GET /streams/{stream}/sessions/{session}"""
    return json_response({"session": _shown(session, store.get(names.check_stream(stream), session))})


def analyse(request: Request, stream: str, session: str) -> Response:
    """POST /streams/{stream}/sessions/{session}/analyses {"from"?, "to"?, "kinds"?, "id"?}: 202, looked at again soon.

    `from` and `to` are media time in seconds. `next` is the `from` to go on with, under the same `id`; null: all done.
    """
    given = json_fields(request, Range)
    store.get(names.check_stream(stream), session)
    wanted = reanalysis.ReanalysisRequest(
        stream,
        session,
        id=given.id or secrets.token_hex(8),
        start=given.start or 0.0,
        end=given.end,
        kinds=analysis.kinds(given.kinds),
    )
    if wanted.end is not None and wanted.end <= wanted.start:
        raise BadRequest("'to' must be later than 'from'")
    done = reanalysis.again(wanted)
    told = {"id": wanted.id, "frames": done.frames, "segments": done.segments, "next": done.next}
    return json_response({"analysis": told}, 202)


def preview(request: Request, stream: str, session: str) -> Response:
    """POST /streams/{stream}/sessions/{session}/preview {"media_ms"}: the logos on one of its frames, surest first.

    Those below the threshold too, so that one can be chosen. One call of the provider; nothing is stored.
    """
    media_ms = json_fields(request, Preview).media_ms
    found = look(FrameRef(names.check_stream(stream), names.check_session(session), media_ms))
    seen = found.analysis
    told = {name: getattr(seen, name) for name in ("provider", "model", "took_ms", "fallback_from")}
    detections = [{**asdict(one), "kind": one.kind.value} for one in seen.detections]
    return json_response({"preview": {**told, "threshold": found.threshold, "detections": detections}})


def _shown(session: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: fields.get(name) for name in _SHOWN}
    failure = Failure.read(fields.get("error"))
    shown["error"] = failure and failure.message
    return {"id": session} | {k: v.isoformat() if isinstance(v, datetime) else v for k, v in shown.items()}
