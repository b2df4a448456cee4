"""Reports of a session: exposure, appearances, cost. They are for members who see the stream."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import UNSET
from werkzeug import Response

from pipeline.documents import results
from pipeline.documents import sessions as store
from pipeline.documents.session_steps import steps
from pipeline.documents.spoken import transcripts
from pipeline.domain import names
from pipeline.domain.errors import BadRequest
from pipeline.reports import appearances as following
from pipeline.reports import cost as pricing
from pipeline.reports import export
from pipeline.reports.exposure import Exposure
from pipeline.reports.exposure import exposure as expose
from pipeline.reports.live_usage import Meter
from pipeline.reports.observations import FOREVER
from pipeline.reports.prices import prices
from pipeline.reports.usage import Usage

from ..models.parameters import KindPage, MediaRange
from ..requests import json_response, query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug import Request

_meter = Meter(results.calls)


def exposure(request: Request, stream: str, session: str) -> Response:
    """Report how long, and how large, each label was on the screen."""
    fields, asked = store.get(names.check_stream(stream), session), query(request, MediaRange)
    report = _exposed(asked, stream, session, fields.get("fps"))
    told = {"kind": asked.kind.value, "media_seconds": fields.get("media_seconds"), "ended": _iso(fields, "ended")}
    return json_response({"exposure": told | export.as_json(report, fields.get("started"))})


def exposure_csv(request: Request, stream: str, session: str) -> Response:
    """Get the report of exposure as a table, one label a row."""
    fields, asked = store.get(names.check_stream(stream), session), query(request, MediaRange)
    report = _exposed(asked, stream, session, fields.get("fps"))
    name = f"exposure-{stream}-{session}-{asked.kind}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(
        export.as_csv(report, fields.get("started")), content_type="text/csv; charset=utf-8", headers=headers
    )


def appearances(request: Request, stream: str, session: str) -> Response:
    """List the appearances of labels on the screen, in order of their beginning."""
    asked = query(request, KindPage)
    after = asked.after or None
    since = following.parsed(after)[0] if after else 0
    fps = store.get(names.check_stream(stream), session).get("fps")
    page = following.page(steps(stream, session, asked.kind, since, fps), asked.limit, after)
    shown = [following.shown(one) for one in page.appearances]
    return json_response({"appearances": shown, "next": page.appearances[-1].id if page.more else None})


def cost(request: Request, stream: str, session: str) -> Response:
    """Report what a session has used, and what that costs.

    Asking often costs little.
    """
    fields = store.get(names.check_stream(stream), session)
    media = Usage(segments=fields.get("segments") or 0, media_seconds=fields.get("media_seconds") or 0.0)
    media += Usage(speech=transcripts.usage(stream, session))
    usage = media + _meter.usage(stream, session)
    return json_response({"cost": {"ended": _iso(fields, "ended")} | pricing.cost(usage, prices())})


def _exposed(asked: MediaRange, stream: str, session: str, fps: float | None) -> Exposure:
    start = 0 if asked.start is UNSET else round(asked.start * 1000)
    end = FOREVER if asked.end is UNSET else round(asked.end * 1000)
    if end <= start:
        raise BadRequest("'to' must be later than 'from'")
    return expose(steps(stream, session, asked.kind, start, fps), start, end)


def _iso(fields: Mapping[str, Any], name: str) -> str | None:
    value = fields.get(name)
    return value.isoformat() if isinstance(value, datetime) else None
