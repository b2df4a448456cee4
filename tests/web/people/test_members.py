"""An administrator invites people, gives them other roles, and removes them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.cloud import firestore
from playwright.sync_api import expect
from tests.web.conftest import Watched
from tests.web.doubles.answers import Answers
from tests.web.doubles.api_double import refused
from tests.web.doubles.people import ADMIN, known, member
from tests.web.doubles.site import Site
from tests.web.views import look

VIEWER = {**member("viewer", name="Vera"), "last_seen": "2026-03-01T12:00:00Z"}


@pytest.fixture
def api(site: Site, db: firestore.Client) -> Iterator[Answers]:
    double = Answers()
    assert site.config
    site.config["apiUrl"] = double.url
    listed(double, {**ADMIN, "last_seen": "2026-03-01T12:00:00Z"}, VIEWER)
    yield double
    double.close()


def listed(api: Answers, *members: dict[str, Any]) -> None:
    api.said["GET", "/members"] = (200, {"members": list(members)})


def test_a_person_is_invited(site: Site, api: Answers, watched: Watched, screenshots: Path) -> None:
    watched.expected = ("409",)
    page = watched.open(site.page("?view=members"))
    expect(page.get_by_role("list", name="Members").get_by_role("listitem")).to_have_count(2)
    expect(page.get_by_role("navigation", name="Views").get_by_role("link", name="Audit")).to_be_visible()
    expect(page.get_by_role("combobox", name="Role of admin@main.example")).to_be_disabled()
    look(page, screenshots, "members")
    api.said["POST", "/members"] = refused(409, "vera@example.com is a member already")
    page.get_by_label("E-mail address").fill("vera@example.com")
    page.get_by_role("combobox", name="Role", exact=True).select_option("publisher")
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("alert")).to_have_text("vera@example.com is a member already")
    invited = {**member("publisher"), "email": "pat@example.com", "last_seen": None}
    api.said["POST", "/members"] = (201, {"member": invited})
    listed(api, {**ADMIN, "last_seen": None}, VIEWER, invited)
    page.get_by_label("E-mail address").fill("pat@example.com")
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("status").filter(has_text="pat@example.com is invited")).to_be_visible()
    expect(page.get_by_role("list", name="Members")).to_contain_text("invited, not signed in yet")


def test_a_role_is_changed_and_a_refusal_puts_it_back(site: Site, api: Answers, watched: Watched) -> None:
    watched.expected = ("503",)
    page = watched.open(site.page("?view=members"))
    role = page.get_by_role("combobox", name=f"Role of {VIEWER['email']}")
    api.said["PATCH", f"/members/{VIEWER['id']}"] = refused(503, "a Google API did not answer")
    role.select_option("operator")
    expect(page.get_by_role("alert")).to_have_text("Nothing was changed: a Google API did not answer")
    expect(role).to_have_value("viewer")
    api.said["PATCH", f"/members/{VIEWER['id']}"] = (200, {"member": {**VIEWER, "role": "operator"}})
    listed(api, {**ADMIN, "last_seen": None}, {**VIEWER, "role": "operator"})
    role.select_option("operator")
    expect(page.get_by_role("status").filter(has_text=f"{VIEWER['email']} is an operator now.")).to_be_visible()


def test_a_member_is_removed_after_a_second_thought(site: Site, api: Answers, watched: Watched) -> None:
    page = watched.open(site.page("?view=members"))
    page.get_by_role("button", name=f"Remove {VIEWER['email']}").click()
    page.get_by_role("button", name="Keep").click()
    page.get_by_role("button", name=f"Remove {VIEWER['email']}").click()
    expect(page.get_by_role("button", name="Yes, remove")).to_be_focused()
    api.said["DELETE", f"/members/{VIEWER['id']}"] = (204, None)
    listed(api, {**ADMIN, "last_seen": None})
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="was removed")).to_be_visible()
    expect(page.get_by_role("list", name="Members").get_by_role("listitem")).to_have_count(1)
    assert [call for call in api.asked if call[0] == "DELETE"] == [("DELETE", f"/members/{VIEWER['id']}")]


def test_an_operator_is_told_who_may_invite(
    site: Site, api: Answers, db: firestore.Client, watched: Watched, screenshots: Path
) -> None:
    api.people.signed_in = known(db, member("operator"))
    page = watched.open(site.page("?view=members"))
    expect(page.get_by_text("To invite people and change their roles, you would have to be an admin")).to_be_visible()
    expect(page.get_by_role("navigation", name="Views").get_by_role("link", name="Members")).to_have_count(0)
    assert ("GET", "/members") not in api.asked
    look(page, screenshots, "role-missing")


def test_what_the_api_refuses_is_said(site: Site, api: Answers, watched: Watched, screenshots: Path) -> None:
    watched.expected = ("503",)
    api.said["GET", "/members"] = refused(503, "a Google API did not answer")
    page = watched.open(site.page("?view=members"))
    expect(page.locator("ma-notice")).to_contain_text("a Google API did not answer")
    look(page, screenshots, "members-failed")
    listed(api, {**ADMIN, "last_seen": None})
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("list", name="Members")).to_be_visible()
