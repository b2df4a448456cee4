"""Reports of a session: exposure, appearances, cost. The admin key and the stream's own key open them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from werkzeug import Response

from pipeline.documents import results, transcripts
from pipeline.documents import sessions as store
from pipeline.documents.session_steps import steps
from pipeline.domain import names
from pipeline.domain.errors import BadRequest
from pipeline.domain.model import Kind
from pipeline.reports import appearances as following
from pipeline.reports import cost as pricing
from pipeline.reports import export
from pipeline.reports.exposure import Exposure
from pipeline.reports.exposure import exposure as expose
from pipeline.reports.live_usage import Meter
from pipeline.reports.observations import FOREVER
from pipeline.reports.prices import prices
from pipeline.reports.usage import Usage

from ..requests import json_response, limit_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug import Request

_meter = Meter(results.calls)


def exposure(request: Request, stream: str, session: str) -> Response:
    """GET /streams/{stream}/sessions/{session}/exposure?kind=&from=&to="""
    fields = store.get(names.check_stream(stream), session)
    report = _exposed(request, stream, session)
    told = {"kind": _kind(request).value, "media_seconds": fields.get("media_seconds"), "ended": _iso(fields, "ended")}
    return json_response({"exposure": told | export.as_json(report, fields.get("started"))})


def exposure_csv(request: Request, stream: str, session: str) -> Response:
    """GET /streams/{stream}/sessions/{session}/exposure.csv?kind=&from=&to=: one label a row."""
    fields = store.get(names.check_stream(stream), session)
    report = _exposed(request, stream, session)
    name = f"exposure-{stream}-{session}-{_kind(request).value}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(
        export.as_csv(report, fields.get("started")), content_type="text/csv; charset=utf-8", headers=headers
    )


def appearances(request: Request, stream: str, session: str) -> Response:
    """GET /streams/{stream}/sessions/{session}/appearances?kind=&limit=&after=: in order of their beginning."""
    limit, after, kind = limit_of(request.args.get("limit")), request.args.get("after"), _kind(request)
    since = following.parsed(after)[0] if after is not None else 0
    store.get(names.check_stream(stream), session)
    page = following.page(steps(stream, session, kind, since), limit, after)
    shown = [following.shown(one) for one in page.appearances]
    return json_response({"appearances": shown, "next": page.appearances[-1].id if page.more else None})


def cost(request: Request, stream: str, session: str) -> Response:
    """GET /streams/{stream}/sessions/{session}/cost: so far, where it is live; asking often costs little."""
    fields = store.get(names.check_stream(stream), session)
    media = Usage(segments=fields.get("segments") or 0, media_seconds=fields.get("media_seconds") or 0.0)
    media += Usage(speech=transcripts.usage(stream, session))
    usage = media + _meter.usage(stream, session)
    return json_response({"cost": {"ended": _iso(fields, "ended")} | pricing.cost(usage, prices())})


def _exposed(request: Request, stream: str, session: str) -> Exposure:
    start, end = _ms(request, "from"), _ms(request, "to")
    if end is not None and end <= (start or 0):
        raise BadRequest("'to' must be later than 'from'")
    return expose(steps(stream, session, _kind(request), start or 0), start or 0, FOREVER if end is None else end)


def _kind(request: Request) -> Kind:
    known = [kind.value for kind in Kind]
    given = request.args.get("kind", Kind.LOGO.value)
    if given not in known:
        raise BadRequest(f"'kind' must be one of {', '.join(known)}")
    return Kind(given)


def _ms(request: Request, name: str) -> int | None:
    text = request.args.get(name)
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < names.MAX_SESSION_SECONDS:
        raise BadRequest(f"'{name}' must be seconds of media time, from 0 on")
    return round(seconds * 1000)


def _iso(fields: Mapping[str, Any], name: str) -> str | None:
    value = fields.get(name)
    return value.isoformat() if isinstance(value, datetime) else None
