"""The view of rules: a rule is made and tested, an alert shows its deliveries, and one is sent again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.cloud import firestore
from playwright.sync_api import Page, expect
from tests.web.conftest import Watched
from tests.web.doubles.api_double import Answer
from tests.web.doubles.operator_double import OperatorDouble
from tests.web.doubles.people import known, member
from tests.web.doubles.site import Site
from tests.web.views import look

CHANNEL = {"id": "c0123456789abcdef", "name": "Desk", "kind": "webhook", "shown": "desk.example"}
WHAT = {"kind": "absent", "label": "Acme", "seconds": 20}
RULE = {"id": "r0123456789abcdef", "name": "Acme is missing", "what": WHAT, "stream": None, "enabled": True}
RULE |= {"cooldown": 60, "schedule": None, "channels": [CHANNEL["id"]], "revision": 1, "since": None}
DELIVERY = {"channel": CHANNEL["id"], "state": "retrying", "attempts": 2, "status": 503, "updated": None}
ALERT = {"id": "a" + 24 * "0", "rule": RULE["id"], "rule_name": RULE["name"], "kind": "absent", "stream": "studio"}
ALERT |= {"session": "s1", "at": "2026-05-04T12:00:24Z", "media_time": 24, "text": "Acme is not on the screen"}
ALERT |= {"facts": {}, "snapshot": None, "created": "2026-05-04T12:00:25Z", "kept": False}
REPLAY = f"/alerts/{ALERT['id']}/deliveries/{CHANNEL['id']}/replay"


class Double(OperatorDouble):
    """The API with rules, a channel and an alert."""

    def __init__(self, db: firestore.Client) -> None:
        super().__init__(db, {})
        self.rules: list[dict[str, Any]] = []
        self.state = "retrying"

    def _do(self, method: str, path: str, body: Any) -> Answer:
        delivery = DELIVERY | {"state": self.state, "error": "desk.example answered 503"}
        alert = ALERT | {"deliveries": [delivery]}
        match method, path:
            case "GET", "/rules":
                return 200, {"rules": self.rules}
            case "POST", "/rules":
                self.rules.append(RULE | body)
                return 201, {"rule": self.rules[-1]}
            case "POST", "/rule-tests":
                fired = {name: ALERT[name] for name in ("stream", "session", "at", "media_time", "text", "snapshot")}
                return 200, {"fired": [fired], "seconds": 600, "sessions": 1, "more": False}
            case "GET", "/channels":
                return 200, {"channels": [CHANNEL]}
            case "GET", "/alerts":
                return 200, {"alerts": [alert], "next": None}
            case "POST", _ if path == REPLAY:
                self.state = "pending"
                return 202, {"alert": alert}
            case _:
                return super()._do(method, path, body)


@pytest.fixture
def api(site: Site, db: firestore.Client) -> Iterator[Double]:
    running = Double(db)
    assert site.config
    site.config["apiUrl"] = running.url
    yield running
    running.close()


def opened(watched: Watched, site: Site) -> Page:
    page = watched.open(site.page("?view=rules"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Rules")
    return page


def test_a_rule_is_tested_and_made(site: Site, api: Double, watched: Watched, screenshots: Path) -> None:
    page = opened(watched, site)
    expect(page.get_by_text("There is no rule yet.")).to_be_visible()
    form = page.locator("ma-rule-form")
    form.get_by_role("textbox", name="Name").fill("Acme is missing")
    form.get_by_role("textbox", name="Label").fill("Acme")
    form.get_by_role("textbox", name="Seconds", exact=True).fill("20")
    form.get_by_label("Desk").check()
    form.get_by_role("button", name="Test against the last day").click()
    expect(form.get_by_role("status")).to_have_text("It would have fired 1 time (1 session, 10 minutes).")
    look(page, screenshots, "rules")
    form.get_by_role("button", name="Make the rule").click()
    row = page.get_by_role("list", name="Rules").get_by_role("listitem")
    expect(row).to_contain_text("A label is absent for: “Acme”, seconds 20 · all streams")
    tested, made = api.asked
    assert (tested[1], tested[2]) == ("/rule-tests", {"what": WHAT, "stream": None, "cooldown": 60})
    assert made[2] == {"name": "Acme is missing", "channels": [CHANNEL["id"]], **tested[2]}


def test_a_delivery_that_failed_is_told_and_sent_again(site: Site, api: Double, watched: Watched) -> None:
    page = opened(watched, site)
    row = page.get_by_role("list", name="Alerts, newest first").get_by_role("listitem")
    expect(row).to_contain_text("Desk: not delivered yet (2 attempts): desk.example answered 503")
    row.get_by_role("button", name="Send again to Desk").click()
    expect(row).to_contain_text("Desk: on its way")
    assert [path for _, path, _ in api.asked] == [REPLAY]


def test_a_publisher_reads_them_and_changes_nothing(
    site: Site, db: firestore.Client, api: Double, watched: Watched
) -> None:
    api.people.signed_in = known(db, member("publisher"))
    page = opened(watched, site)
    expect(page.get_by_role("list", name="Channels")).to_contain_text("Desk")
    expect(page.get_by_role("button", name="Make the rule")).to_have_count(0)
    expect(page.get_by_role("button", name="Send again to Desk")).to_have_count(0)
