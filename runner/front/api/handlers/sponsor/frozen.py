"""Frozen reports: signed once, and unchangeable from then on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from werkzeug import Response

from pipeline.documents.sponsor import frozen as store
from pipeline.documents.sponsor.collect import frames
from pipeline.domain import names
from pipeline.domain.settings import own_tenant
from pipeline.reports.sponsor.evidence import shots

from ....people.caller import CallerKind, of
from ....printed import PDF, as_pdf
from ...models import sponsor
from ...models.parameters import Limit
from ...requests import LARGE, json_fields, json_response, query
from .sponsorship import report_of_many, wanted

if TYPE_CHECKING:
    from werkzeug import Request


def create(request: Request) -> Response:
    """Sign a report of sessions: from now on it stays as it is, whatever becomes of them.

    Its id is the SHA-256 of its bytes. Frames of each brand are kept with it as evidence.
    """
    given, caller = json_fields(request, sponsor.Signed, LARGE), of(request)
    told = report_of_many(given, caller)
    evidence = shots(told, [frames(one) for one in wanted(given)])
    signature = store.Signature(given.name, given.signed_by, caller.name, datetime.now(UTC))
    report = store.freeze(told, evidence, signature, caller.tenant or own_tenant())
    return json_response({"id": report}, 201)


def list_newest(request: Request) -> Response:
    """List the frozen reports of the caller's tenant, the newest first."""
    asked = query(request, Limit)
    found = store.newest(of(request).tenant or own_tenant(), asked.limit)
    return json_response({"reports": [_entry(report, fields) for report, fields in found]})


def get(request: Request, report: str) -> Response:
    """Get a frozen report with its evidence, checked against its hash."""
    return json_response({"id": names.check_report(report), **_read(request, report)})


def on_paper(request: Request, report: str) -> Response:
    """Get a frozen report as a PDF, with charts, the name that signed it, and its hash."""
    found = _read(request, names.check_report(report))
    data = as_pdf(found["report"], {"id": report, **found})
    headers = {"Content-Disposition": f'attachment; filename="report-{report[:12]}.pdf"', "Cache-Control": "no-store"}
    return Response(data, content_type=PDF, headers=headers)


def evidence(request: Request, report: str, evidence: str) -> Response:
    """Get a frame that was kept with a frozen report."""
    _read(request, report)
    data = store.evidence(report, names.check_evidence(evidence))
    headers = {"Cache-Control": "private, max-age=31536000, immutable"}
    return Response(data, content_type="image/jpeg", headers=headers)


def _read(request: Request, report: str) -> dict[str, Any]:
    caller = of(request)
    tenant = None if caller.kind is CallerKind.ADMIN_KEY else caller.tenant
    return dict(store.read(report, tenant))


def _entry(report: str, fields: Any) -> dict[str, Any]:
    return {
        "id": report,
        "name": fields["name"],
        "signed_by": fields["signed_by"],
        "by": fields["by"],
        "at": fields["at"].isoformat(),
        "labels": fields["labels"],
        "sessions": fields["sessions"],
    }
