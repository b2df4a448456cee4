"""The audit log: who changed what, from where, for administrators."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from google.cloud import firestore
from playwright.sync_api import expect
from tests.web.conftest import Watched
from tests.web.doubles.answers import Answers
from tests.web.doubles.people import ADMIN, known, member
from tests.web.doubles.site import Site
from tests.web.views import look

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def api(site: Site, db: firestore.Client) -> Iterator[Answers]:
    double = Answers()
    assert site.config
    site.config["apiUrl"] = double.url
    double.said["GET", "/members"] = (200, {"members": [{**ADMIN, "last_seen": None}]})
    yield double
    double.close()


def entry(db: firestore.Client, number: int, **fields: Any) -> None:
    base = {
        "at": AT + timedelta(seconds=number),
        "tenant": "main",
        "who": ADMIN["id"],
        "kind": "member",
        "action": "streams.change",
        "target": "streams/arena",
        "before": {"visibility": "private"},
        "after": {"visibility": "public"},
        "address": "192.0.2.7",
        "request": "r1",
    }
    db.document(f"audit/{number:05d}").set({**base, **fields})


def test_changes_are_listed_with_who_made_them_and_searched(
    site: Site, api: Answers, db: firestore.Client, watched: Watched, screenshots: Path
) -> None:
    entry(db, 1)
    entry(db, 2, who="break-glass", kind="admin_key", action="streams.rotate_key", before=None, after=None)
    entry(db, 3, tenant="north", target="streams/of-another-tenant")
    page = watched.open(site.page("?view=audit"))
    rows = page.get_by_role("list", name="Changes, newest first").get_by_role("listitem")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("admin key break-glass")
    expect(rows.last).to_contain_text("admin@main.example")
    expect(rows.last).to_contain_text('"private" → "public"')
    look(page, screenshots, "audit")
    page.get_by_label("Search the audit log").fill("rotate")
    expect(rows).to_have_count(1)
    assert "q=rotate" in page.url


def test_older_entries_are_read_when_they_are_asked_for(
    site: Site, api: Answers, db: firestore.Client, watched: Watched
) -> None:
    for number in range(120):
        entry(db, number)
    page = watched.open(site.page("?view=audit"))
    rows = page.get_by_role("list", name="Changes, newest first").get_by_role("listitem")
    expect(rows).to_have_count(100)
    page.get_by_role("button", name="Show older entries").click()
    expect(rows).to_have_count(120)


def test_it_is_closed_to_operators(site: Site, api: Answers, db: firestore.Client, watched: Watched) -> None:
    api.people.signed_in = known(db, member("operator"))
    page = watched.open(site.page("?view=audit"))
    expect(page.get_by_text("To read the audit log, you would have to be an admin")).to_be_visible()


def test_an_empty_log_says_so(
    site: Site, api: Answers, db: firestore.Client, watched: Watched, screenshots: Path
) -> None:
    page = watched.open(site.page("?view=audit"))
    expect(page.get_by_text("Nothing has been changed yet.")).to_be_visible()
    look(page, screenshots, "audit-empty")
