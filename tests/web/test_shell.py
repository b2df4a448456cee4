"""What is around every view: the way to the others, the account, the connection, and what is not there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from google.cloud import firestore
from playwright.sync_api import expect
from tests.web.data import documents
from tests.web.doubles.proxy import Proxy
from tests.web.doubles.site import Site
from tests.web.doubles.streams_double import StreamsDouble

from .conftest import Firestore, Watched
from .views import look
from .wait import until

VIEWS_OF_A_STREAM = ("Watch", "Go live", "Upload", "Report", "Settings", "Manage")


@pytest.fixture
def api(site: Site, db: firestore.Client) -> Iterator[StreamsDouble]:
    running = StreamsDouble(db)
    assert site.config
    site.config["apiUrl"] = running.url
    documents.stream(db, state="idle", session=None)
    yield running
    running.close()


def test_every_view_of_a_stream_is_a_step_away_and_has_a_title(
    site: Site, api: StreamsDouble, watched: Watched, screenshots: Path
) -> None:
    page = watched.open(site.page())
    expect(page).to_have_title("Streams · Media Analyzer")
    page.get_by_role("link", name="Velodrome, camera 2").click()
    expect(page).to_have_title("Velodrome, camera 2 · Media Analyzer")
    tabs = page.get_by_role("navigation", name="This stream")
    for name in VIEWS_OF_A_STREAM[1:]:
        tabs.get_by_role("link", name=name).click()
        expect(tabs.get_by_role("link", name=name)).to_have_attribute("aria-current", "page")
        expect(page).to_have_title(f"Velodrome, camera 2 · {name} · Media Analyzer")
    look(page, screenshots, "shell")
    tabs.get_by_role("link", name="All streams").click()
    expect(page).to_have_url(site.page())


def test_the_content_is_one_key_away(site: Site, api: StreamsDouble, watched: Watched) -> None:
    page = watched.open(site.page())
    expect(page.get_by_role("link", name="Velodrome, camera 2")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('ma-app').shadowRoot.activeElement.tagName") == "MA-STREAMS"


def test_a_page_that_is_left_tells_the_database_so(
    site: Site, api: StreamsDouble, watched: Watched, proxy: Proxy
) -> None:
    """It would keep for the page what it listened to, and grow with each page that was left."""
    page = watched.open(site.page())
    expect(page.get_by_role("link", name="Velodrome, camera 2")).to_be_visible()
    assert not proxy.left.is_set()
    page.goto("about:blank")
    until(page, proxy.left.is_set, "the end of its channel")
    page.go_back()  # out of the cache of the browser, or loaded again: what it shows is live
    expect(page.get_by_role("link", name="Velodrome, camera 2")).to_be_visible()


def test_a_device_that_goes_offline_is_said_to_be(
    site: Site, api: StreamsDouble, watched: Watched, screenshots: Path
) -> None:
    watched.expected = ("ERR_INTERNET_DISCONNECTED", "Could not reach Cloud Firestore")
    page = watched.open(site.page())
    expect(page.get_by_role("link", name="Velodrome, camera 2")).to_be_visible()
    watched.context.set_offline(True)
    expect(page.locator(".banner")).to_contain_text("This device is offline.")
    look(page, screenshots, "shell-offline")
    watched.context.set_offline(False)
    expect(page.locator(".banner")).to_have_count(0)


def test_a_database_that_goes_away_is_said_to_be_and_what_is_known_stays(
    site: Site, db: firestore.Client, api: StreamsDouble, watched: Watched, emulator_process: Firestore
) -> None:
    watched.expected = ("net::ERR_", "Could not reach Cloud Firestore")
    between = Proxy(emulator_process.port)
    assert site.config
    site.config["firestoreEmulator"] = f"127.0.0.1:{between.port}"
    page = watched.open(site.page())
    expect(page.get_by_role("link", name="Velodrome, camera 2")).to_be_visible()
    between.cut()
    expect(page.locator(".banner")).to_contain_text("The database cannot be reached.", timeout=100_000)
    expect(page.get_by_role("link", name="Velodrome, camera 2")).to_be_visible()
    db.document(f"streams/{documents.STREAM}").update({"name": "Renamed meanwhile"})
    between.mend()
    expect(page.get_by_role("link", name="Renamed meanwhile")).to_be_visible(timeout=100_000)
    expect(page.locator(".banner")).to_have_count(0)
    between.close()


@pytest.mark.parametrize("view", ["", "&publish", "&upload", "&report", "&settings", "&manage"])
def test_a_stream_that_does_not_exist_is_missing_in_each_of_its_views(
    site: Site, api: StreamsDouble, watched: Watched, view: str
) -> None:
    page = watched.open(site.page(f"?stream=nowhere{view}"))
    expect(page.get_by_role("alert")).to_contain_text("There is no stream “nowhere”")
    page.get_by_role("link", name="See all streams").click()
    expect(page).to_have_url(site.page())


def test_a_stream_that_is_deleted_while_it_is_looked_at_is_said_to_be_gone(
    site: Site, db: firestore.Client, api: StreamsDouble, watched: Watched
) -> None:
    page = watched.open(site.page(f"?stream={documents.STREAM}&upload"))
    expect(page.get_by_role("button", name="Upload")).to_be_visible()
    db.document(f"streams/{documents.STREAM}").delete()
    expect(page.get_by_role("alert")).to_contain_text("There is no stream “velodrome-2”")


def test_a_part_that_cannot_be_loaded_is_said_with_what_to_do(
    site: Site, api: StreamsDouble, watched: Watched, screenshots: Path
) -> None:
    watched.expected = ("ERR_FAILED", "Failed to fetch dynamically imported module")
    watched.context.route("**/assets/streams-*.js", lambda route: route.abort())
    page = watched.open(site.page())
    expect(page.get_by_role("alert")).to_contain_text("A part of this page could not be loaded")
    look(page, screenshots, "shell-part-missing")
    watched.context.unroute("**/assets/streams-*.js")
    page.get_by_role("button", name="Load the page again").click()
    expect(page.get_by_role("link", name="Velodrome, camera 2")).to_be_visible()
