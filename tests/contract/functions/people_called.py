"""Every route about people, called once for each status that the document promises; and those who may not call."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.contract.functions import people
from tests.contract.functions.described import operations

from front.people import known
from pipeline.cloud import firebase
from pipeline.documents.people import members
from pipeline.domain import names
from pipeline.domain.errors import Unavailable

_PAGE = {"Origin": "http://localhost"}  # a body makes the type JSON
_UNTIL = datetime(2100, 1, 1, tzinfo=UTC)
_PARTS = {
    "stream": "oas-seen",
    "session": "20260504T120000Z-abcdef",
    "brand": "oas-none",
    "name": "0123456789abcdef.png",
    "provider": "vision",
    "letter": f"dev-none-{'0' * 24}",
    "clip": "0" * 24,
    "correction": "0" * 24,
    "report": "0" * 64,
    "evidence": "000-0000000000.jpg",
    "rule": "r" + 16 * "0",
    "channel": "c" + 16 * "0",
    "alert": "a" + 24 * "0",
    "member": f"m{'0' * 24}",
    "share": "0" * 64,
}


def call_people(call: Any) -> None:
    """Sessions, members, share links, and the grant of marks."""
    _sessions(call)
    _members(call)
    _shares(call)
    assert call("POST", "/grants").status_code == 201


def refuse_the_rest(call: Any) -> None:
    """Each route without a right, and with one that is too low, where that has not happened yet."""
    call("POST", "/streams", {"id": _PARTS["stream"], "name": "N", "visibility": "tenant"})
    viewer = people.signed_in(people.member("viewer", name="oas"))
    holder = people.holder(people.shared(_PARTS["stream"], _UNTIL))
    for method, template, status in sorted(operations()):
        path = re.sub(r"{(\w+)}", lambda found: _PARTS[found[1]], template)
        if status == "401" and (method, template, status) not in call.seen:
            call(method, path, {}, headers={})
        for headers in (viewer, holder):
            if status == "403" and (method, template, status) not in call.seen:
                call(method, path, {}, headers=headers)


def _sessions(call: Any) -> None:
    ann = people.member("viewer", name="oas-ann")

    def proven(**claims: Any) -> dict[str, str]:
        said = {"email": ann.email, "email_verified": True} | claims
        return _PAGE | people.bearer(people.token("u", "password", **said))

    assert call("POST", "/session", {}, headers=_PAGE).status_code == 401
    assert call("POST", "/session/token", {}, headers=_PAGE).status_code == 204
    assert call("POST", "/session/everywhere", {}, headers=_PAGE).status_code == 401
    begun = call("POST", "/session", {}, headers=proven())
    assert begun.status_code == 200
    assert call("POST", "/session/token", {}, headers=_PAGE).status_code == 200
    for path in ("/session", "/session/token", "/session/everywhere"):
        assert call("POST", path, {}, headers={"Origin": "https://evil.example"}).status_code == 403
        assert call("POST", path, None, headers=_PAGE).status_code == 415
    assert call("DELETE", "/session", None, headers={}).status_code == 403
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(firebase, "custom_token", _unavailable)
        assert call("POST", "/session", {}, headers=proven()).status_code == 503
        assert call("POST", "/session/token", {}, headers=_PAGE).status_code == 503
    assert call("POST", "/session/everywhere", {}, headers=_PAGE).status_code == 204
    assert call("POST", "/session", {}, headers=proven()).status_code == 200
    members.end_sessions(ann.id)
    known.forget()
    assert call("POST", "/session/token", {}, headers=_PAGE).status_code == 401
    assert call("DELETE", "/session", None, headers=_PAGE).status_code == 204


def _members(call: Any) -> None:
    members.remove(names.member("oas-new@main.example"))
    new = {"email": "oas-new@main.example", "role": "viewer"}
    made = call("POST", "/members", new)
    assert made.status_code == 201
    id = made.get_json()["member"]["id"]
    assert call("POST", "/members", new).status_code == 409
    assert call("POST", "/members", {"email": "none", "role": "viewer"}).status_code == 400
    assert call("GET", "/members").status_code == 200
    assert call("GET", "/members?limit=0").status_code == 400
    admin = people.member("admin", name="oas-admin")
    own = people.signed_in(admin)
    for method, body in (("PATCH", {"role": "operator"}), ("DELETE", None)):
        assert call(method, f"/members/{admin.id}", body, headers=own).status_code == 409
        assert call(method, f"/members/{id}", body).status_code < 300
        assert call(method, f"/members/m{'0' * 24}", body).status_code == 404
        assert call(method, "/members/none", body).status_code == 400


def _shares(call: Any) -> None:
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    made = call("POST", "/streams/oas/shares", {"until": soon, "reports": True, "label": "press"})
    assert made.status_code == 201
    secret, id = made.get_json()["secret"], made.get_json()["share"]["id"]
    assert call("POST", "/streams/oas/shares", {"until": "2001-01-01T00:00:00Z"}).status_code == 400
    assert call("POST", "/streams/absent/shares", {"until": soon}).status_code == 404
    assert call("GET", "/streams/oas/shares").get_json()["shares"][0]["id"] == id
    assert call("GET", "/streams/absent/shares").status_code == 404
    assert call("GET", "/streams/NoId/shares").status_code == 400
    assert call("POST", "/shares/redeem", {"secret": secret}, headers={}).get_json()["id"] == id
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(firebase, "custom_token", _unavailable)
        assert call("POST", "/shares/redeem", {"secret": secret}, headers={}).status_code == 503
    assert call("DELETE", "/streams/oas/shares/none").status_code == 400
    assert call("DELETE", f"/streams/oas/shares/{'0' * 64}").status_code == 404
    assert call("DELETE", f"/streams/oas/shares/{id}").status_code == 204
    assert call("POST", "/shares/redeem", {"secret": secret}, headers={}).status_code == 403
    assert call("POST", "/shares/redeem", {"secret": "none"}, headers={}).status_code == 404
    assert call("POST", "/shares/redeem", {}, headers={}).status_code == 400


def _unavailable(uid: str, claims: Any) -> str:
    raise Unavailable("IAM did not sign a token")
