"""A stream is made in the page: its name and id, its key shown once, and how to send it video from there."""

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
from tests.web.wait import until


@pytest.fixture
def api(site: Site, db: firestore.Client) -> Iterator[StreamsDouble]:
    running = StreamsDouble(db)
    assert site.config
    site.config |= {"apiUrl": running.url, "rtmpUrl": "rtmp://rtmp.example.com/live"}
    yield running
    running.close()


def begin(watched: Watched, site: Site, button: str = "Create the first stream") -> Page:
    """The dialog."""
    page = watched.open(site.page())
    page.get_by_role("button", name=button).click()
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    return page


def create(page: Page, name: str) -> None:
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Create the stream").click()


def copied(page: Page) -> str:
    return page.evaluate("navigator.clipboard.readText()")


def test_a_viewer_is_told_whom_to_ask_and_offered_nothing_else(
    site: Site, api: StreamsDouble, db: firestore.Client, watched: Watched, screenshots: Path
) -> None:
    api.people.signed_in = known(db, member("viewer"))
    page = watched.open(site.page())
    expect(page.get_by_role("heading", name="There is no stream that you see")).to_be_visible()
    expect(page.locator("ma-notice")).to_contain_text("An operator of the tenant decides that")
    expect(page.get_by_role("button", name="Create the first stream")).to_have_count(0)
    look(page, screenshots, "streams-viewer-none")


def test_a_stream_is_made_and_its_key_shown_once(
    site: Site, api: StreamsDouble, watched: Watched, screenshots: Path
) -> None:
    watched.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = begin(watched, site)
    page.get_by_label("Name", exact=True).fill("Vélodrome, caméra 2")
    expect(page.get_by_label("Id", exact=True)).to_have_value("velodrome-camera-2")
    look(page, screenshots, "create-form")
    expect(page.get_by_label("Who sees it")).to_have_value("private")
    page.get_by_label("Who sees it").select_option("The tenant")
    expect(page.get_by_label("Who sees it")).to_have_accessible_description("Every member of the tenant.")
    page.get_by_role("button", name="Create the stream").click()
    dialog = opened(page, "“Vélodrome, caméra 2” is ready")
    expect(dialog).to_contain_text("it is not shown again")
    said = {"id": "velodrome-camera-2", "name": "Vélodrome, caméra 2", "visibility": "tenant"}
    assert api.changes() == [("POST", "/streams", said)]
    dialog.get_by_role("button", name="Copy the key").click()
    until(page, lambda: copied(page) == "sk_double-1", "the key")
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    look(page, screenshots, "create-ready")
    dialog.get_by_role("button", name="Close").click()
    expect(page.get_by_role("link", name="Vélodrome, caméra 2")).to_be_visible()
    page.get_by_role("button", name="Create a stream").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("")
    expect(page.get_by_text("sk_double-1")).to_have_count(0)
    kept = "Object.values({ ...sessionStorage, ...localStorage }).join() + location.href"
    assert "sk_double" not in page.evaluate(kept)


def test_a_publisher_chooses_no_audience_and_the_stream_is_private(
    site: Site, api: StreamsDouble, db: firestore.Client, watched: Watched
) -> None:
    api.people.signed_in = known(db, member("publisher"))
    page = begin(watched, site)
    expect(page.get_by_label("Who sees it")).to_have_count(0)
    create(page, "Studio")
    expect(opened(page, "“Studio” is ready")).to_be_visible()
    assert api.changes() == [("POST", "/streams", {"id": "studio", "name": "Studio"})]


def test_obs_is_explained_with_the_real_key_ready_to_copy(site: Site, api: StreamsDouble, watched: Watched) -> None:
    watched.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = begin(watched, site)
    create(page, "Studio")
    steps = page.locator("ma-obs-steps")
    expect(steps).to_contain_text("Settings → Stream")
    expect(steps).to_contain_text("Service: Custom…")
    expect(steps).to_contain_text("Keyframe Interval: 2 s")
    expect(steps).to_contain_text("Start Streaming")
    for button, text in (
        ("Copy the server", "rtmp://rtmp.example.com/live"),
        ("Copy the stream key", "studio?key=sk_double-1"),
    ):
        page.get_by_role("button", name=button).click()
        until(page, lambda text=text: copied(page) == text, text)


def test_every_way_in_has_its_tab_by_keyboard(
    site: Site, api: StreamsDouble, watched: Watched, screenshots: Path
) -> None:
    page = begin(watched, site)
    create(page, "Studio")
    page.get_by_role("tab", name="OBS").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="ffmpeg")).to_be_focused()
    panel = page.locator("ma-tabs")
    expect(panel).to_contain_text("Authorization: Bearer sk_double-1")
    expect(panel).to_contain_text("https://ingest.example.com/streams/studio")
    page.keyboard.press("ArrowRight")
    expect(panel).to_contain_text("avfoundation")
    expect(page.get_by_role("link", name="Go live from this browser")).to_have_attribute(
        "href", "?stream=studio&publish"
    )
    look(page, screenshots, "create-webcam")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("link", name="Upload a video")).to_have_attribute("href", "?stream=studio&upload")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="OBS")).to_have_attribute("aria-selected", "true")


def test_the_maker_of_a_stream_needs_no_key_in_the_page(site: Site, api: StreamsDouble, watched: Watched) -> None:
    page = begin(watched, site)
    create(page, "Studio")
    page.get_by_role("button", name="Close").last.click()
    page.get_by_role("link", name="Studio").click()
    tabs = page.get_by_role("navigation", name="This stream")
    tabs.get_by_role("link", name="Upload").click()
    expect(page.get_by_role("heading", name="Upload a video")).to_be_visible()
    expect(page.get_by_label("Stream key")).to_have_count(0)
    tabs.get_by_role("link", name="Go live").click()
    expect(page.get_by_role("button", name="Use the camera")).to_be_visible()
    expect(page.get_by_label("Stream key")).to_have_count(0)


def test_without_an_rtmp_server_it_says_how_to_get_one(
    site: Site, api: StreamsDouble, watched: Watched, screenshots: Path
) -> None:
    assert site.config
    site.config["rtmpUrl"] = None
    page = begin(watched, site)
    create(page, "Studio")
    steps = page.locator("ma-obs-steps")
    expect(steps).to_contain_text("This deployment has no RTMP server yet")
    expect(steps).to_contain_text("INGEST_URL=https://ingest.example.com make rtmp")
    expect(steps).to_contain_text("rtmp://localhost/live")
    look(page, screenshots, "create-no-rtmp")


def test_what_is_wrong_with_a_name_or_an_id_is_said_at_its_field(
    site: Site, db: firestore.Client, api: StreamsDouble, watched: Watched, screenshots: Path
) -> None:
    watched.expected = ("409",)
    documents.stream(db, state="idle", session=None)
    page = begin(watched, site, "Create a stream")
    page.get_by_role("button", name="Create the stream").click()
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    expect(page.get_by_label("Name", exact=True)).to_have_accessible_description(
        "Give the stream a name: it is what people see."
    )
    page.get_by_label("Name", exact=True).fill("Velodrome 2")
    expect(page.get_by_label("Id", exact=True)).to_have_value("velodrome-2-2")  # velodrome-2 is taken
    page.get_by_label("Id", exact=True).fill("Velodrome 2")
    expect(page.get_by_label("Id", exact=True)).to_have_accessible_description(
        "An id is made of a to z, 0 to 9 and hyphens."
    )
    look(page, screenshots, "create-wrong")
    page.get_by_label("Id", exact=True).fill("velodrome-3")
    api.refusal = {"status": 409, "title": "Conflict", "detail": "stream id 'velodrome-3' is taken: choose another one"}
    page.get_by_role("button", name="Create the stream").click()
    expect(page.get_by_label("Id", exact=True)).to_have_accessible_description("This id is taken: choose another.")
    expect(page.get_by_label("Id", exact=True)).to_be_focused()
    page.get_by_label("Id", exact=True).fill("velodrome-4")
    page.get_by_role("button", name="Create the stream").click()
    expect(page.get_by_role("dialog", name="“Velodrome 2” is ready")).to_be_visible()


def test_an_api_that_is_away_is_said_and_what_was_typed_stays(site: Site, api: StreamsDouble, watched: Watched) -> None:
    watched.expected = ("ERR_",)
    page = begin(watched, site)
    watched.context.route(f"{api.url}/**", lambda route: route.abort())
    create(page, "Studio")
    expect(page.get_by_role("alert")).to_contain_text("did not answer")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Studio")
