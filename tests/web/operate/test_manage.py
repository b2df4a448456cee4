"""What an operator does to a stream in the page: rename it, make a new key, stop it, delete it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from google.cloud import firestore
from playwright.sync_api import Page, expect
from tests.web.conftest import Watched
from tests.web.data import documents
from tests.web.doubles.people import known, member
from tests.web.doubles.site import Site
from tests.web.doubles.streams_double import StreamsDouble
from tests.web.views import look, opened

STREAM = f"/streams/{documents.STREAM}"


@pytest.fixture
def api(site: Site, db: firestore.Client) -> Iterator[StreamsDouble]:
    running = StreamsDouble(db)
    assert site.config
    site.config["apiUrl"] = running.url
    documents.stream(db, state="ended")
    yield running
    running.close()


def manage(watched: Watched, site: Site) -> Page:
    page = watched.open(site.page(f"?stream={documents.STREAM}&manage"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Manage Velodrome, camera 2")
    return page


def test_who_may_not_manage_it_is_told_what_is_missing(
    site: Site, db: firestore.Client, api: StreamsDouble, watched: Watched, screenshots: Path
) -> None:
    api.people.signed_in = known(db, member("publisher"))
    page = watched.open(site.page(f"?stream={documents.STREAM}&manage"))
    expect(
        page.get_by_text("To manage this stream, you would have to be an operator of the tenant “main”")
    ).to_be_visible()
    expect(page.get_by_text("You are a publisher, as publisher@main.example")).to_be_visible()
    expect(page.get_by_role("button", name="Stop the stream")).to_have_count(0)
    expect(page.get_by_role("navigation", name="This stream").get_by_role("link", name="Manage")).to_have_count(0)
    look(page, screenshots, "manage-publisher")
    documents.stream(db, state="ended", created_by="m-publisher-main")
    expect(page.get_by_role("button", name="Save the name")).to_be_visible()


def test_a_stream_is_renamed(
    site: Site, db: firestore.Client, api: StreamsDouble, watched: Watched, screenshots: Path
) -> None:
    page = manage(watched, site)
    look(page, screenshots, "manage")
    field = page.get_by_label("What people see")
    field.fill(" ")
    page.get_by_role("button", name="Save the name").click()
    expect(page.get_by_text("Give the stream a name")).to_be_visible()
    assert api.changes() == []
    field.fill("Velodrome, finish")
    page.get_by_role("button", name="Save the name").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Manage Velodrome, finish")
    expect(page).to_have_title("Velodrome, finish · Manage · Media Analyzer")
    assert api.changes() == [("PATCH", STREAM, {"name": "Velodrome, finish"})]


def test_a_new_key_is_made_after_a_second_thought_and_is_in_the_commands(
    site: Site, api: StreamsDouble, watched: Watched, screenshots: Path
) -> None:
    page = manage(watched, site)
    page.get_by_role("button", name="Make a new key").click()
    page.get_by_role("button", name="Keep it").click()
    assert api.changes() == []
    page.get_by_role("button", name="Make a new key").click()
    expect(page.get_by_role("button", name="Yes, withdraw the old key")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("ma-new-key")).to_contain_text("sk_double-1")
    expect(page.locator("ma-obs-steps")).to_contain_text("velodrome-2?key=sk_double-1")
    assert api.changes() == [("POST", f"{STREAM}/key", None)]
    look(page, screenshots, "manage-new-key")


def test_the_old_key_may_go_on_for_a_day_and_a_key_says_where_it_was_used(
    site: Site, api: StreamsDouble, watched: Watched, screenshots: Path
) -> None:
    api.use |= {"last_used": "2026-03-01T12:00:00Z", "last_used_from": "192.0.2.7"}
    api.use["previous_until"] = "2100-01-01T00:00:00Z"
    page = manage(watched, site)
    expect(page.locator("ma-manage-key")).to_contain_text("from 192.0.2.7. The one before goes on until Jan 1, 2100")
    page.get_by_role("button", name="Make a new key").click()
    page.get_by_role("combobox", name="The old key").select_option(
        label="goes on for 24 hours, so that encoders can change over"
    )
    look(page, screenshots, "manage-key")
    page.get_by_role("button", name="Yes, withdraw the old key").click()
    expect(page.locator("ma-new-key")).to_contain_text("sk_double-1")
    assert f"{STREAM}/key?grace_hours=24" in api.paths


def test_who_is_live_is_stopped(site: Site, db: firestore.Client, api: StreamsDouble, watched: Watched) -> None:
    page = manage(watched, site)
    button = page.get_by_role("button", name="Stop the stream")
    expect(button).to_be_disabled()
    documents.stream(db, state="live")
    button.click()
    expect(page.get_by_text("Disconnecting it…")).to_be_visible()
    assert api.changes() == [("POST", f"{STREAM}/stop", None)]
    documents.stream(db, state="ended")
    expect(page.get_by_text("No sender is connected to this stream.")).to_be_visible()


def test_deleting_says_what_is_lost_and_wants_the_id(
    site: Site, api: StreamsDouble, watched: Watched, screenshots: Path
) -> None:
    api.sessions = [{"id": "one", "media_seconds": 3600.0}, {"id": "two", "media_seconds": 83.0}]
    api.rounds = 2
    page = manage(watched, site)
    page.get_by_role("button", name="Delete the stream…").click()
    dialog = opened(page, "Delete “velodrome-2”?")
    expect(dialog).to_contain_text("Lost are 2 sessions with 1:01:23 of video")
    gone = dialog.get_by_role("button", name="Delete it for good")
    expect(gone).to_be_disabled()
    look(page, screenshots, "manage-delete")
    page.keyboard.type("velodrome")
    expect(gone).to_be_disabled()
    page.keyboard.type("-2")
    gone.click()
    expect(page.get_by_role("heading", name="There is no stream yet")).to_be_visible()
    expect(page).to_have_url(site.page())
    assert api.changes() == [("DELETE", STREAM, None)] * 2, "it went on until all was gone"


def test_what_the_api_refuses_is_said_where_it_was_asked(site: Site, api: StreamsDouble, watched: Watched) -> None:
    watched.expected = ("400", "401")
    page = manage(watched, site)
    api.refusal = {"status": 400, "title": "Bad Request", "detail": "'name' must be a string of 1 to 200 characters"}
    page.get_by_role("button", name="Save the name").click()
    expect(page.get_by_role("alert")).to_have_text("'name' must be a string of 1 to 200 characters")
    api.refusal = {"status": 401, "title": "Unauthorized"}
    page.get_by_role("button", name="Save the name").click()
    expect(page.get_by_role("alert")).to_have_text("Unauthorized")
    api.people.signed_in = None
    api.refusal = {"status": 401, "title": "Unauthorized"}
    page.get_by_role("button", name="Save the name").click()
    expect(page.get_by_text("You were signed out")).to_be_visible()  # a session that ended is asked for again
    expect(page.get_by_label("Password")).to_be_visible()
