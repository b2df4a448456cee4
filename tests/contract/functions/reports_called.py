"""Sponsors' reports, corrections and frozen reports, called in every way that the document of the API describes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.contract.functions.world import SESSION

from pipeline.documents.sponsor.settings import reports_bucket

BOX = {"x": 0.1, "y": 0.1, "width": 0.2, "height": 0.2}


def call_reports(call: Callable[..., Any], stream: str) -> None:
    """`stream` has a session, and nothing was seen in it."""
    ids = (SESSION, "none", "no_id")
    for path in ("/sponsorship", "/sponsorship.csv", "/sponsorship.pdf", "/sponsorship.xlsx"):
        for session in ids:
            call("POST", path, {"sessions": [{"stream": stream, "session": session}]})
            call("POST", f"/streams/{stream}/sessions/{session}{path}", {})
        call("POST", path, {}, headers={})
        call("POST", f"/streams/{stream}/sessions/{SESSION}{path}", {}, headers={})
    _corrections(call, stream, ids)
    _frozen(call, stream)


def _corrections(call: Callable[..., Any], stream: str, ids: tuple[str, ...]) -> None:
    drawn = {"action": "draw", "label": "Corva", "box": BOX, "from": 0, "to": 1}
    for session in ids:
        path = f"/streams/{stream}/sessions/{session}/corrections"
        call("GET", path)
        call("POST", path, drawn)
        call("DELETE", f"{path}/{'0' * 24}")
        call("DELETE", f"{path}/none")
        for method, tail in (("GET", ""), ("POST", ""), ("DELETE", f"/{'0' * 24}")):
            call(method, f"{path}{tail}", headers={})
    path = f"/streams/{stream}/sessions/{SESSION}/corrections"
    assert call("POST", path, {"action": "reject", "appearance": "0000000000-000"}).status_code == 404
    [one] = call("GET", path).get_json()["corrections"]
    assert call("DELETE", f"{path}/{one['id']}").status_code == 204


def _frozen(call: Callable[..., Any], stream: str) -> None:
    asked = {"name": "Cup", "signed_by": "Ada", "sessions": [{"stream": stream, "session": SESSION}]}
    report = call("POST", "/reports", asked).get_json()["id"]
    assert call("POST", "/reports", {**asked, "sessions": [{"stream": stream, "session": "none"}]}).status_code == 404
    call("POST", "/reports", {})
    call("POST", "/reports", headers={})
    for tail in ("", "?limit=0"):
        call("GET", f"/reports{tail}")
    call("GET", "/reports", headers={})
    picture = "000-0000000000.jpg"
    altered = "f" * 64
    for name in (f"{report}/evidence/{picture}", f"{altered}/report.json"):
        reports_bucket().blob(name).upload_from_string(b"{}", content_type="image/jpeg")
    for id in (report, "0" * 64, altered, "none"):
        call("GET", f"/reports/{id}")
        call("GET", f"/reports/{id}/report.pdf")
        call("GET", f"/reports/{id}/evidence/{picture}")
    assert call("GET", f"/reports/{altered}").status_code == 409
    assert call("GET", f"/reports/{report}/evidence/{picture}").status_code == 200
    call("GET", f"/reports/{report}", headers={})
    call("GET", f"/reports/{report}/report.pdf", headers={})
    call("GET", f"/reports/{report}/evidence/{picture}", headers={})
