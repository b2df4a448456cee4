"""The player follows the stream, survives what goes away, and is driven by the keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from google.cloud import firestore
from playwright.sync_api import expect
from tests.web.conftest import Watched
from tests.web.data import documents
from tests.web.doubles.proxy import Proxy
from tests.web.doubles.site import Site
from tests.web.footage import clip as synthetic
from tests.web.footage.clip import Clip
from tests.web.footage.publish import live, recorded
from tests.web.views import look
from tests.web.watch.drawn import assert_exact, open_paused, open_recorded, record, time_of

_NOTICED = 100_000  # ms: the client retries for up to a minute before it says so


def test_a_live_stream_shows_its_state_and_how_far_behind_the_picture_is(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    live(site, db, stream_clip)
    page = open_recorded(watched, site)
    record(page, 10)
    expect(page.locator("ma-state-chip")).to_contain_text("live")
    expect(page.locator("ma-player-bar .edge")).to_contain_text("behind")
    page.keyboard.press("k")
    page.keyboard.press("ArrowLeft")
    back = page.get_by_role("button", name="go to live")
    expect(back).to_be_visible()
    back.click()
    expect(page.locator("ma-player-bar .edge")).to_contain_text("behind")


def test_a_live_window_in_the_middle_of_a_session_whose_sound_leads_is_played(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    """What is loaded first has sound before any picture: playback begins in a hole."""
    live(site, db, stream_clip)
    window = stream_clip.playlist(4, 6, end=False).encode()
    site.media[f"playlists/{documents.STREAM}/{documents.SESSION}/index.m3u8"] = window
    page = open_recorded(watched, site)
    assert_exact(record(page, 10))


def test_a_new_session_takes_the_place_of_the_old_one(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    live(site, db, stream_clip)
    page = open_recorded(watched, site)
    record(page, 10)
    live(site, db, stream_clip, session="20260301T130000Z-def456")
    after = record(page, 30)
    assert_exact(after)
    assert any("20260301T130000Z-def456/index.m3u8" in path for path in site.asked)


def test_a_playlist_that_goes_away_and_comes_back_is_played_on(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    watched.expected = ("503",)
    live(site, db, stream_clip, ready=4)
    page = open_recorded(watched, site)
    record(page, 10)
    site.down = True
    expect(page.locator("ma-player .note")).to_contain_text("The video answers 503", timeout=30_000)
    site.down = False
    reached = time_of(page)
    expect(page.locator("ma-player .note")).to_have_count(0, timeout=30_000)
    assert_exact(record(page, 30))
    assert time_of(page) > reached


def test_a_database_that_goes_away_is_said_and_comes_back(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip, proxy: Proxy, screenshots: Path
) -> None:
    watched.expected = ("net::ERR_", "Could not reach Cloud Firestore")
    recorded(site, db, stream_clip, range(12))
    page = open_recorded(watched, site)
    record(page, 10)
    proxy.cut()
    expect(page.locator(".banner")).to_contain_text("The database cannot be reached", timeout=_NOTICED)
    look(page, screenshots, "offline")
    page.evaluate("window.player().seekSession(0)")
    page.evaluate("window.player().shadowRoot.querySelector('video').play()")
    assert record(page, 5), "what is known is still drawn"
    db.document(f"streams/{documents.STREAM}").update({"name": "Renamed meanwhile"})
    proxy.mend()
    expect(page.locator("h1")).to_have_text("Renamed meanwhile", timeout=_NOTICED)
    expect(page.locator(".banner")).to_have_count(0)


def test_a_database_that_is_away_from_the_start_is_waited_for(
    site: Site, db: firestore.Client, watched: Watched, proxy: Proxy
) -> None:
    watched.expected = ("net::ERR_", "Could not reach Cloud Firestore")
    documents.stream(db, state="idle", session=None)
    proxy.cut()
    page = open_recorded(watched, site)
    expect(page.locator("ma-notice")).to_contain_text("Asking the database…")
    assert proxy.refused.wait(60)
    proxy.mend()
    expect(page.locator("h1").first).to_have_text("Velodrome, camera 2", timeout=_NOTICED)


def test_the_keyboard_plays_seeks_steps_and_unmutes(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    recorded(site, db, stream_clip, range(12))
    page = open_recorded(watched, site)
    record(page, 30)
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    at = time_of(page)
    page.keyboard.press("ArrowRight")
    assert time_of(page) == pytest.approx(at + 5, abs=0.01)
    page.keyboard.press("m")
    expect(page.get_by_role("button", name="Mute", exact=True)).to_be_visible()
    page.evaluate("(() => { const shown = window.record(1, 9.99); window.player().seekSession(10); return shown })()")
    stepped = page.evaluate_handle("({ next: window.record(1, 10.01) })")
    page.keyboard.press(".")
    assert stepped.evaluate("(handle) => handle.next")[0]["number"] == 10 * synthetic.FPS + 1
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "MA-APP"


def test_a_click_on_a_detection_shows_its_frame(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    recorded(site, db, stream_clip, range(12))
    page = open_paused(watched, site)
    shown = page.evaluate_handle("({ next: window.record(1, 15.9) })")
    page.get_by_role("button", name="0:16.00").click()
    assert shown.evaluate("(handle) => handle.next")[0]["number"] == 16 * synthetic.FPS


def test_what_is_on_the_picture_is_announced_politely(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    recorded(site, db, stream_clip, range(12))
    page = open_recorded(watched, site)
    expect(page.locator("[aria-live=polite].visually-hidden")).to_contain_text("On the picture: FINAL LAP, Velox")
