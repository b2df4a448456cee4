"""Every state has a view of its own: what it says, on a desktop and on a phone, in the dark and in the light."""

from __future__ import annotations

from pathlib import Path

import pytest
from google.cloud import firestore
from playwright.sync_api import Page, expect
from tests.web.data import documents
from tests.web.doubles.site import Site
from tests.web.footage import clip as synthetic
from tests.web.footage.clip import Clip
from tests.web.footage.publish import recorded
from tests.web.watch.drawn import open_recorded, record

from .conftest import Watched
from .views import look


def watch(watched: Watched, site: Site) -> Page:
    return watched.open(site.page(f"?stream={documents.STREAM}"))


def test_without_a_configuration_it_says_what_is_missing(site: Site, watched: Watched, screenshots: Path) -> None:
    watched.expected = ("404",)
    site.config = None
    page = watched.open(site.page())
    expect(page.locator("ma-notice")).to_contain_text("config.json answered 404")
    look(page, screenshots, "no-config")


def test_with_an_incomplete_configuration_it_names_the_field(site: Site, watched: Watched) -> None:
    assert site.config
    del site.config["ingestUrl"]
    page = watched.open(site.page())
    expect(page.locator("ma-notice")).to_contain_text('config.json lacks "ingestUrl"')


def test_without_streams_it_says_how_to_create_one(
    site: Site, db: firestore.Client, watched: Watched, screenshots: Path
) -> None:
    page = watched.open(site.page())
    expect(page.get_by_role("heading", name="There is no stream yet")).to_be_visible()
    expect(page.get_by_role("button", name="Create the first stream")).to_be_visible()
    look(page, screenshots, "no-streams")


def test_streams_are_links_to_their_pages(
    site: Site, db: firestore.Client, watched: Watched, screenshots: Path
) -> None:
    watched.expected = ("404", "ERR_FILE_NOT_FOUND")  # it is live, and there is no video behind it
    documents.stream(db)
    for state in ("idle", "connecting", "reconnecting", "ended", "error"):
        db.document(f"streams/{state}-one").set({"tenant": "main", "name": f"A stream that is {state}", "state": state})
    page = watched.open(site.page())
    link = page.get_by_role("link", name="Velodrome, camera 2")
    expect(page.locator("ma-stream-tile").filter(has=link)).to_contain_text("live")
    look(page, screenshots, "streams")
    link.click()
    expect(page).to_have_url(site.page(f"?stream={documents.STREAM}"))


def test_a_stream_that_does_not_exist_is_said_to_be_missing(
    site: Site, db: firestore.Client, watched: Watched, screenshots: Path
) -> None:
    page = watch(watched, site)
    expect(page.get_by_role("alert")).to_contain_text("There is no stream “velodrome-2”")
    look(page, screenshots, "not-found")


def test_a_stream_never_used_shows_how_to_stream(
    site: Site, db: firestore.Client, watched: Watched, screenshots: Path
) -> None:
    documents.stream(db, state="idle", session=None, source=None)
    watched.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = watch(watched, site)
    page.get_by_role("tab", name="ffmpeg").click()
    command = page.locator("pre").first
    expect(command).to_contain_text("Bearer KEY")
    expect(command).to_contain_text("https://ingest.example.com/streams/velodrome-2")
    page.get_by_role("button", name="Copy").first.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == command.inner_text()
    look(page, screenshots, "never-streamed")


def test_a_sender_that_has_just_connected_is_announced(
    site: Site, db: firestore.Client, watched: Watched, screenshots: Path
) -> None:
    watched.expected = ("404",)
    documents.stream(db, state="connecting")
    documents.session(db)
    page = watch(watched, site)
    expect(page.locator("ma-state-chip")).to_contain_text("connecting")
    expect(page.locator("ma-player")).to_contain_text("The first pictures take a few seconds")
    look(page, screenshots, "connecting")


def test_nothing_detected_yet_is_said_in_so_many_words(
    site: Site, db: firestore.Client, watched: Watched, screenshots: Path, stream_clip: Clip
) -> None:
    recorded(site, db, stream_clip, range(0))
    documents.segments(db, stream_clip, range(12))
    found = documents.frame(0, 0, synthetic.STARTED)
    found["analyses"] = {kind: {**one, "detections": []} for kind, one in found["analyses"].items()}
    db.document(f"streams/{documents.STREAM}/sessions/{documents.SESSION}/frames/0000000000").set(found)
    page = watch(watched, site)
    expect(page.locator("ma-sightings")).to_contain_text("Nothing was found on the one frame sampled so far.")
    expect(page.locator("ma-frame-panel")).to_contain_text("Nothing was found on this frame.")
    look(page, screenshots, "nothing-detected")


def test_an_ended_stream_plays_from_its_recording(
    site: Site, db: firestore.Client, watched: Watched, screenshots: Path, stream_clip: Clip
) -> None:
    recorded(site, db, stream_clip, range(12))
    page = open_recorded(watched, site)
    expect(page.locator("ma-state-chip")).to_contain_text("ended")
    expect(page.locator("ma-frame-panel")).to_contain_text("Velox")
    expect(page.locator("ma-session-panel")).to_contain_text("H.264, AAC")
    assert record(page, 1, 4)[0]["sessionTime"] < 5
    page.keyboard.press("k")
    look(page, screenshots, "ended")


@pytest.mark.parametrize("state", ["error", "reconnecting"])
def test_trouble_raises_a_banner(
    site: Site, db: firestore.Client, watched: Watched, screenshots: Path, stream_clip: Clip, state: str
) -> None:
    recorded(site, db, stream_clip, range(12))
    documents.stream(db, state=state, error="no keyframe within 10 s: set the encoder's keyframe interval to 2 s")
    page = watch(watched, site)
    banner = {"error": "The stream broke off: no keyframe within 10 s", "reconnecting": "The sender has gone away"}
    expect(page.locator(".banner")).to_contain_text(banner[state])
    look(page, screenshots, state)
