"""The page that sends a camera: what it sends, and what it says when something is in the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from google.cloud import firestore
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.conftest import CHROMIUM, HEADLESS
from tests.web.conftest import Watched
from tests.web.data import documents
from tests.web.doubles.ingest_double import EBML, IngestDouble
from tests.web.doubles.people import ADMIN, claims, known, member
from tests.web.doubles.site import Site
from tests.web.views import look
from tests.web.wait import until

FAKE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


@pytest.fixture
def ingest(site: Site, db: firestore.Client) -> Iterator[IngestDouble]:
    running = IngestDouble()
    assert site.config
    site.config["ingestUrl"] = running.url
    documents.stream(db, state="idle", session=None, source=None)
    yield running
    running.close()


@pytest.fixture(scope="module")
def camera(browser: Browser) -> Iterator[Browser]:
    """A browser with a camera and a microphone, and a user who allows both."""
    running = browser.browser_type.launch(**{**HEADLESS, "args": [*HEADLESS["args"], *FAKE]})
    yield running
    running.close()


@pytest.fixture
def studio(camera: Browser) -> Iterator[Watched]:
    context: BrowserContext = camera.new_context(viewport={"width": 1280, "height": 900}, color_scheme="dark")
    watched = Watched(context)
    yield watched
    context.close()
    assert watched.problems == []


def open_page(watched: Watched, site: Site) -> Page:
    return watched.open(site.page(f"?stream={documents.STREAM}&publish"))


def go_live(page: Page, key: str = "") -> None:
    page.get_by_role("button", name="Use the camera").click()
    expect(page.get_by_label("Camera")).to_be_enabled()
    page.get_by_label("Quality").select_option("360")
    if key:
        page.get_by_label("Stream key").fill(key)
    page.get_by_role("button", name="Go live").click()


def state(page: Page, words: str, timeout: float = 20_000) -> None:
    expect(page.locator("ma-broadcast-panel").get_by_role("heading")).to_have_text(words, timeout=timeout)


def test_a_camera_is_sent_with_the_key_in_the_first_message_and_ends(
    site: Site, ingest: IngestDouble, studio: Watched
) -> None:
    site.people.signed_in = None
    page = open_page(studio, site)
    go_live(page, "sk_secret")
    state(page, "Live")
    until(page, lambda: len(ingest.connections[0].data) > 100_000)
    expect(page.locator("ma-broadcast-panel")).to_contain_text("1 segment")
    page.get_by_role("button", name="End the stream").click()
    state(page, "Ended")
    expect(page.locator("ma-broadcast-panel")).to_contain_text("3 segments, 0:05")
    sent = ingest.connections[0]
    assert sent.hello == {"key": "sk_secret", "origin": "webcam"}
    assert sent.data.startswith(EBML)
    assert sent.data.count(EBML) == 1
    assert sent.ended
    assert ingest.paths == [f"/streams/{documents.STREAM}/live"]
    assert "sk_secret" not in page.url
    assert page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])") == "[{},{}]"


def test_a_person_goes_live_without_a_key_by_a_token_for_each_connection(
    site: Site, ingest: IngestDouble, studio: Watched
) -> None:
    page = open_page(studio, site)
    expect(page.get_by_role("button", name="Use the camera")).to_be_visible()
    expect(page.get_by_label("Stream key")).to_have_count(0)
    go_live(page)
    until(page, lambda: bool(ingest.connections) and len(ingest.connections[0].data) > 50_000)
    ingest.tell(type="reconnect")
    until(page, lambda: len(ingest.connections) == 2)
    assert [one.hello["key"] for one in ingest.connections] == ["p.1", "p.2"]
    assert [claims(who or "")["user_id"] for who in site.published] == [ADMIN["id"]] * 2
    assert page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])") == "[{},{}]"
    assert "p.1" not in page.url


def test_a_publisher_who_did_not_make_the_stream_sends_to_it_with_its_key(
    site: Site, ingest: IngestDouble, db: firestore.Client, studio: Watched
) -> None:
    site.people.signed_in = known(db, member("publisher"))
    page = open_page(studio, site)
    expect(page.get_by_label("Stream key")).to_be_visible()
    db.document(f"streams/{documents.STREAM}").update({"created_by": member("publisher")["id"]})
    expect(page.get_by_label("Stream key")).to_have_count(0)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "The stream key is wrong"),
        (404, "There is no such stream"),
        (409, "Another sender is already live on this stream, and only one can be. Ingest says: OBS since 12:00"),
        (415, "Ingest cannot use what this browser records"),
    ],
)
def test_a_refusal_is_said_in_words_and_can_be_tried_again(
    site: Site, ingest: IngestDouble, studio: Watched, status: int, words: str
) -> None:
    ingest.refusal = {"status": status, "title": "Refused", "detail": "OBS since 12:00"}
    page = open_page(studio, site)
    go_live(page)
    expect(page.get_by_role("alert")).to_contain_text(words)
    ingest.refusal = None
    page.get_by_role("button", name="Go live").click()
    state(page, "Live")


def test_a_connection_that_breaks_off_is_taken_up_with_a_new_recording(
    site: Site, ingest: IngestDouble, studio: Watched
) -> None:
    studio.expected = ("WebSocket",)
    page = open_page(studio, site)
    go_live(page)
    until(page, lambda: bool(ingest.connections) and len(ingest.connections[0].data) > 50_000)
    # What is left of the old connection is still in the way: our own lease, which passes.
    ingest.refusal = {"status": 409, "title": "Conflict", "detail": "the webcam holds it"}
    ingest.cut()
    state(page, "Reconnecting…")
    expect(page.locator("ma-broadcast-panel")).to_contain_text("The session continues if the connection returns")
    ingest.refusal = None
    state(page, "Live")
    until(page, lambda: len(ingest.connections) == 2 and len(ingest.connections[1].data) > 50_000)
    assert ingest.connections[1].data.startswith(EBML), "with a header of its own, hence with a keyframe"
    assert not ingest.connections[0].ended


def test_a_server_that_asks_for_another_connection_gets_everything_that_was_recorded(
    site: Site, ingest: IngestDouble, studio: Watched
) -> None:
    page = open_page(studio, site)
    go_live(page)
    until(page, lambda: bool(ingest.connections) and len(ingest.connections[0].data) > 50_000)
    ingest.tell(type="reconnect")
    until(page, lambda: len(ingest.connections) == 2 and len(ingest.connections[1].data) > 20_000)
    recorded = page.locator("ma-broadcast-panel")
    expect(recorded).to_contain_text("Recorded")
    page.get_by_role("button", name="End the stream").click()
    state(page, "Ended")
    total = sum(len(one.data) for one in ingest.connections)
    expect(recorded).to_contain_text(f"{total / 1e6:.1f} MB")


def test_another_source_goes_on_in_another_connection_and_mute_needs_none(
    site: Site, ingest: IngestDouble, studio: Watched
) -> None:
    page = open_page(studio, site)
    go_live(page)
    state(page, "Live")
    page.get_by_role("button", name="Turn sound off").click()
    expect(page.get_by_role("button", name="Sound is off")).to_have_attribute("aria-pressed", "true")
    page.get_by_label("Microphone").select_option(label="No sound")
    until(page, lambda: len(ingest.connections) == 2)
    state(page, "Live")
    expect(page.get_by_role("button", name="Turn sound off")).to_be_disabled()


def test_a_connection_that_is_too_slow_is_said_and_the_bit_rate_falls(
    site: Site, ingest: IngestDouble, studio: Watched
) -> None:
    page = open_page(studio, site)
    # The queue of the browser's own socket, as it would fill on a slow line.
    page.evaluate(
        """() => Object.defineProperty(WebSocket.prototype, 'bufferedAmount', { get: () => window.queued ?? 0 })"""
    )
    go_live(page)
    state(page, "Live")
    page.evaluate("window.queued = 500_000")
    expect(page.locator("ma-broadcast-panel")).to_contain_text("The connection is slower than the picture")
    page.evaluate("window.queued = 2_000_000")
    expect(page.locator("ma-broadcast-panel")).to_contain_text("continuing at 0.3 Mbit/s, after a short gap")
    state(page, "Changing over…")
    page.evaluate("window.queued = 0")
    until(page, lambda: len(ingest.connections) == 2)
    state(page, "Live")
    page.evaluate("window.queued = 2_000_000")
    state(page, "Ending: what was recorded is being sent…")
    page.evaluate("window.queued = 0")
    state(page, "Ended")
    expect(page.locator("ma-broadcast-panel")).to_contain_text("too slow for any picture")


def test_leaving_the_page_while_live_is_asked_about(site: Site, ingest: IngestDouble, studio: Watched) -> None:
    page = open_page(studio, site)
    go_live(page)
    state(page, "Live")
    page.on("dialog", lambda dialog: dialog.accept())
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"


def test_without_an_ingest_it_says_so(site: Site, ingest: IngestDouble, studio: Watched) -> None:
    studio.expected = ("WebSocket",)
    ingest.close()
    page = open_page(studio, site)
    go_live(page)
    expect(page.get_by_role("alert")).to_contain_text("Ingest cannot be reached", timeout=40_000)


def test_without_a_camera_it_says_what_to_connect(site: Site, ingest: IngestDouble, watched: Watched) -> None:
    page = open_page(watched, site)
    page.get_by_role("button", name="Use the camera").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no camera on this device")


def test_a_permission_that_is_denied_is_said_with_the_remedy(
    site: Site, ingest: IngestDouble, browser: Browser
) -> None:
    # The headless shell has no one to ask, and so refuses otherwise.
    asking = browser.browser_type.launch(**{**CHROMIUM, "args": [*CHROMIUM["args"], FAKE[0]]})
    page = asking.new_page()
    page.goto(site.page(f"?stream={documents.STREAM}&publish"))
    page.get_by_role("button", name="Use the camera").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "Permission for the camera was denied. Allow it beside the address"
    )
    asking.close()


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (
            "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('busy', 'NotReadableError') }",
            "in use by another program",
        ),
        ("Object.defineProperty(navigator, 'mediaDevices', { value: undefined })", "only over https, or on localhost"),
    ],
)
def test_what_else_may_be_in_the_way(
    site: Site, ingest: IngestDouble, studio: Watched, script: str, words: str
) -> None:
    studio.context.add_init_script(script)
    page = open_page(studio, site)
    page.get_by_role("button", name="Use the camera").click()
    expect(page.get_by_role("alert")).to_contain_text(words)


def test_a_browser_that_records_nothing_that_ingest_takes_is_told_so(
    site: Site, ingest: IngestDouble, studio: Watched
) -> None:
    studio.context.add_init_script("MediaRecorder.isTypeSupported = () => false")
    page = open_page(studio, site)
    expect(page.get_by_role("alert")).to_contain_text("This browser cannot record video for a stream")


def test_how_it_looks(site: Site, ingest: IngestDouble, studio: Watched, screenshots: Path) -> None:
    page = open_page(studio, site)
    expect(page.locator("h1")).to_have_text("Go live: Velodrome, camera 2")
    look(page, screenshots, "publish-before")
    go_live(page)
    state(page, "Live")
    look(page, screenshots, "publish-live")
