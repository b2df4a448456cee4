"""Rules, channels and alerts, called in every way that the document of the API describes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.contract.functions.world import SESSION

from front.api.handlers.acting import alerts as handlers
from pipeline.delivery.settings import Delivering
from pipeline.documents.acting import alerts
from pipeline.domain.acting import Alert
from pipeline.domain.errors import Unavailable

WHAT = {"kind": "absent", "label": "Acme", "seconds": 20}
SCHEDULE = {"days": [0, 6], "from": "22:00", "to": "06:00", "zone": "Europe/Berlin"}


def call_rules(call: Callable[..., Any], stream: str) -> None:
    """`stream` is there."""
    assert call("GET", "/schemas/alert.v1.json", headers={}).status_code == 200
    channel = _channels(call)
    rule = _rules(call, stream, channel)
    _alerts(call, stream, rule, channel)
    for path, id in (("rules", rule), ("channels", channel)):
        for one, status in ((id, 204), (id, 404), ("none", 400)):
            assert call("DELETE", f"/{path}/{one}").status_code == status


def _channels(call: Callable[..., Any]) -> str:
    new = {"name": "Desk", "kind": "webhook", "address": "https://192.0.2.1/alerts"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "front.api.handlers.acting.channels.delivering", lambda: Delivering(secret="a-secret-of-the-tests")
        )
        assert call("POST", "/channels", new).status_code == 400, "it is no public address"
        patch.setattr("pipeline.delivery.post.check", lambda *_, **__: None)
        made = call("POST", "/channels", new)
    assert made.status_code == 201
    listed = call("GET", "/channels").get_json()["channels"]
    assert "192.0.2.1/alerts" not in str(listed) and made.get_json()["secret"] not in str(listed)
    return made.get_json()["channel"]["id"]


def _rules(call: Callable[..., Any], stream: str, channel: str) -> str:
    new = {"name": "Acme is missing", "what": WHAT, "stream": stream, "channels": [channel], "schedule": SCHEDULE}
    made = call("POST", "/rules", new)
    assert made.status_code == 201
    rule = made.get_json()["rule"]
    wrong = ({"what": {"kind": "sings"}}, {"stream": "oas-none"}, {"channels": ["c" + 16 * "0"]})
    for change in (*wrong, {"schedule": SCHEDULE | {"zone": "Mars"}}):
        assert call("POST", "/rules", new | change).status_code == 400, change
    assert call("GET", "/rules").get_json()["rules"] == [rule]
    for id, status in ((rule["id"], 200), ("r" + 16 * "0", 404), ("none", 400)):
        assert call("GET", f"/rules/{id}").status_code == status
        assert call("PATCH", f"/rules/{id}", {"name": "Acme is away"}).status_code == status
    changed = call("PATCH", f"/rules/{rule['id']}", {"what": WHAT | {"seconds": 30}}).get_json()["rule"]
    assert (changed["revision"], changed["name"]) == (2, "Acme is away"), "a name is no other rule, what it seeks is"
    assert call("POST", "/rule-tests", {"what": WHAT, "stream": stream}).get_json()["fired"] == []
    assert call("POST", "/rule-tests", {"what": WHAT, "hours": 0}).status_code == 400
    return rule["id"]


def _alerts(call: Callable[..., Any], stream: str, rule: str, channel: str) -> None:
    at = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
    alert = Alert(
        *("a" + 24 * "0", rule, "Acme is missing", 1, "absent", "main", stream, SESSION),
        at=at,
        media_time=24.0,
        text="Acme has not been on the screen for 20 s",
        facts={"label": "Acme"},
        snapshot=None,
        created=at,
    )
    assert alerts.create(alert, [channel]), "it is new"
    assert not alerts.create(alert, [channel]), "and is not made twice"
    for query in ("", f"?stream={stream}", f"?rule={rule}", f"?stream={stream}&rule={rule}"):
        [one] = call("GET", f"/alerts{query}").get_json()["alerts"]
        assert [delivery["state"] for delivery in one["deliveries"]] == ["pending"]
    assert call("GET", "/alerts?limit=0").status_code == 400
    for id, status in ((alert.id, 200), ("a" + 24 * "f", 404), ("none", 400)):
        assert call("PATCH", f"/alerts/{id}", {"kept": True}).status_code == status
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(handlers, "announce", _unavailable)
        assert call("POST", f"/alerts/{alert.id}/deliveries/{channel}/replay").status_code == 503
        patch.setattr(handlers, "announce", lambda _: None)
        for one, status in ((channel, 202), ("c" + 16 * "0", 404), ("none", 400)):
            assert call("POST", f"/alerts/{alert.id}/deliveries/{one}/replay").status_code == status


def _unavailable(_: object) -> None:
    raise Unavailable("Pub/Sub did not answer")
