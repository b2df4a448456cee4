"""Sponsors' reports: of a session, and of several sessions of any streams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import UNSET
from msgspec.structs import asdict
from werkzeug import Response

from pipeline.documents.people import access
from pipeline.documents.sponsor.collect import Asked, Wanted, collected
from pipeline.domain import names
from pipeline.domain.errors import BadRequest, NotFound
from pipeline.domain.people import Role
from pipeline.domain.settings import own_tenant
from pipeline.reports.measures.placements import Zone
from pipeline.reports.model import rect
from pipeline.reports.observations import FOREVER
from pipeline.reports.sponsor.money import Rates
from pipeline.reports.sponsor.table import as_csv

from ....people.caller import Caller, of
from ....printed import PDF, XLSX, as_pdf, as_xlsx
from ...models import sponsor
from ...requests import LARGE, json_fields, json_response
from .audience import curve

if TYPE_CHECKING:
    from werkzeug import Request


def of_session(request: Request, stream: str, session: str) -> Response:
    """Report all measures of brands in a session, for sponsors.

    The curve of viewers and the rates are the caller's own, and are not kept.
    """
    return json_response({"report": _of_session(json_fields(request, sponsor.OfSession, LARGE), stream, session)})


def of_session_csv(request: Request, stream: str, session: str) -> Response:
    """Get a sponsor's report of a session as a table, one label a row."""
    told = _of_session(json_fields(request, sponsor.OfSession, LARGE), stream, session)
    return _file(as_csv(told).encode(), "text/csv; charset=utf-8", "csv")


def of_session_pdf(request: Request, stream: str, session: str) -> Response:
    """Get a sponsor's report of a session as a PDF, with charts."""
    told = _of_session(json_fields(request, sponsor.OfSession, LARGE), stream, session)
    return _file(as_pdf(told), PDF, "pdf")


def of_session_xlsx(request: Request, stream: str, session: str) -> Response:
    """Get a sponsor's report of a session as a workbook of Excel."""
    told = _of_session(json_fields(request, sponsor.OfSession, LARGE), stream, session)
    return _file(as_xlsx(told), XLSX, "xlsx")


def of_many(request: Request) -> Response:
    """Report all measures of brands over several sessions, of one stream or of several, for sponsors."""
    return json_response({"report": report_of_many(json_fields(request, sponsor.OfMany, LARGE), of(request))})


def of_many_csv(request: Request) -> Response:
    """Get a sponsor's report of several sessions as a table, one label a row."""
    told = report_of_many(json_fields(request, sponsor.OfMany, LARGE), of(request))
    return _file(as_csv(told).encode(), "text/csv; charset=utf-8", "csv")


def of_many_pdf(request: Request) -> Response:
    """Get a sponsor's report of several sessions as a PDF, with charts."""
    told = report_of_many(json_fields(request, sponsor.OfMany, LARGE), of(request))
    return _file(as_pdf(told), PDF, "pdf")


def of_many_xlsx(request: Request) -> Response:
    """Get a sponsor's report of several sessions as a workbook of Excel."""
    told = report_of_many(json_fields(request, sponsor.OfMany, LARGE), of(request))
    return _file(as_xlsx(told), XLSX, "xlsx")


def _of_session(given: sponsor.OfSession, stream: str, session: str) -> dict[str, Any]:
    wanted = Wanted(names.check_stream(stream), session, *_range(given.start, given.end))
    return collected([wanted], _asked(given, access.of_stream(stream).tenant)).told()


def report_of_many(given: sponsor.OfMany, caller: Caller) -> dict[str, Any]:
    """The report of several sessions, all of which the caller must see. Raises NotFound."""
    for stream in {one.stream for one in given.sessions}:
        _check_sees(caller, stream)
    return collected(wanted(given), _asked(given, caller.tenant or own_tenant())).told()


def wanted(given: sponsor.OfMany) -> list[Wanted]:
    """The sessions that a report is asked of. Raises BadRequest."""
    return [Wanted(names.check_stream(one.stream), one.session, *_range(one.start, one.end)) for one in given.sessions]


def _check_sees(caller: Caller, stream: str) -> None:
    """Raises NotFound for a stream of which the caller must not know, or of another tenant."""
    found = access.of_stream(stream)
    if not caller.sees(found) or not caller.reaches(Role.VIEWER, found.tenant):
        raise NotFound(f"stream {stream!r} does not exist")


def _range(start: Any, end: Any) -> tuple[int, int]:
    first = 0 if start is UNSET else round(start * 1000)
    last = FOREVER if end is UNSET else round(end * 1000)
    if last <= first:
        raise BadRequest("'to' must be later than 'from'")
    return first, last


def _asked(given: sponsor.Report, tenant: str) -> Asked:
    card = given.rates
    rates = Rates(card.currency, card.per_thousand, card.per_30_seconds, card.weighted) if card else Rates()
    brands = tuple(dict.fromkeys(given.brands))
    return Asked(given.kind, brands, tenant, rates, curve(given.audience), given.mentions, _zones(given))


def _zones(given: sponsor.Report) -> tuple[Zone, ...]:
    return tuple(Zone(zone.name, zone.property, rect(asdict(zone.box))) for zone in given.zones)


def _file(data: bytes, content_type: str, ending: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="sponsorship.{ending}"',
        "Cache-Control": "no-store",
    }
    return Response(data, content_type=content_type, headers=headers)
