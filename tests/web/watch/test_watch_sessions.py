"""Watch: sessions that are live, earlier or missing, and links to moments of them."""

from __future__ import annotations

from pathlib import Path

from google.cloud import firestore
from playwright.sync_api import expect
from tests.web.conftest import Watched
from tests.web.data import documents
from tests.web.doubles.site import Site
from tests.web.footage import clip as synthetic
from tests.web.footage import spliced
from tests.web.footage.clip import Clip
from tests.web.footage.publish import live, publish, recorded
from tests.web.footage.spliced import splice
from tests.web.views import look
from tests.web.watch.drawn import assert_exact, open_paused, open_recorded, record, seek_by

EARLIER = "20260228T090000Z-old111"

FIRST = """window.first = new Promise((done) => document.addEventListener('overlay-drawn', ({ detail }) => {
  if (!detail.repaint && detail.sessionTime !== null) done(detail.sessionTime)
}))"""


def test_a_link_to_the_moment_shows_that_very_frame(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    recorded(site, db, stream_clip, range(12))
    watched.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = open_paused(watched, site)
    drawn = page.evaluate_handle("({ next: window.record(1, 13) })")
    page.evaluate("window.player().seekSession(13 + 7 / 30)")
    number = drawn.evaluate("(handle) => handle.next")[0]["number"]
    page.keyboard.press("s")
    expect(page.locator("ma-moment-link")).to_contain_text("The link to 0:13.23 is copied.")
    link = page.evaluate("navigator.clipboard.readText()")
    assert f"session={documents.SESSION}" in link
    assert number == 13 * synthetic.FPS + 7
    page.add_init_script(FIRST)
    page.goto(link)
    # A browser under load may leave out the first callbacks, but shows nothing that is before.
    assert 0 <= round(page.evaluate("first") * synthetic.FPS) - number < synthetic.FPS
    assert_exact(record(page, 30))


def test_where_nothing_may_be_copied_the_link_is_there_to_be_copied_by_hand(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    recorded(site, db, stream_clip, range(12))
    watched.context.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('forbidden'))")
    page = open_recorded(watched, site)
    record(page, 10)
    page.get_by_role("button", name="Copy a link to this moment").click()
    link = page.get_by_role("textbox", name="Link to this moment")
    expect(link).to_be_focused()
    assert f"stream={documents.STREAM}&session={documents.SESSION}&t=" in link.input_value()


def earlier(site: Site, db: firestore.Client, clip: Clip) -> None:
    """A live session, and one of the day before that is recorded."""
    live(site, db, clip)
    vod = publish(site, clip, clip.playlist(0, 999, end=True).encode(), "vod.m3u8", EARLIER)
    # The clip says when it was: both sessions began then.
    documents.session(db, EARLIER, ended=synthetic.STARTED, vod=vod, segments=12, media_seconds=24.0)
    documents.segments(db, clip, range(12), EARLIER)
    documents.frames(db, clip, range(12), EARLIER)


def test_an_earlier_session_is_chosen_and_left_again(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip, screenshots: Path
) -> None:
    earlier(site, db, stream_clip)
    page = open_recorded(watched, site)
    record(page, 10)
    sessions = page.locator("ma-sessions-panel")
    expect(sessions.get_by_role("link", name="Report of")).to_have_count(2)
    expect(sessions.locator("[aria-current=page]")).to_contain_text("live")
    sessions.get_by_role("link", name="0:24").click()
    expect(page).to_have_url(site.page(f"?stream={documents.STREAM}&session={EARLIER}"))
    assert_exact(record(page, 30))
    expect(page.locator(".banner")).to_contain_text("This is an earlier session.")
    expect(page.locator("ma-state-chip")).to_contain_text("ended")
    assert any(f"{EARLIER}/vod.m3u8" in path for path in site.asked)
    page.keyboard.press("k")
    look(page, screenshots, "earlier-session")
    page.get_by_role("link", name="Watch what is live now").click()
    expect(page.locator("ma-state-chip")).to_contain_text("live")


def test_a_new_session_does_not_take_the_place_of_one_that_was_chosen(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    earlier(site, db, stream_clip)
    page = open_recorded(watched, site, f"&session={EARLIER}")
    record(page, 10)
    documents.session(db, "20260301T130000Z-def456")
    documents.stream(db, state="live", session="20260301T130000Z-def456")
    expect(page.locator("ma-sessions-panel").get_by_role("link", name="Report of")).to_have_count(3)
    assert page.evaluate("window.player().session") == EARLIER
    assert_exact(record(page, 10))


def test_a_session_that_is_not_there_is_said_to_be_missing(
    site: Site, db: firestore.Client, watched: Watched, screenshots: Path
) -> None:
    documents.stream(db, state="ended")
    page = open_recorded(watched, site, "&session=20200101T000000Z-gone00&t=12")
    expect(page.get_by_role("alert")).to_contain_text("This session does not exist")
    look(page, screenshots, "session-missing")


def test_a_stream_whose_last_session_has_expired_says_so_until_it_is_live_again(
    site: Site, db: firestore.Client, watched: Watched, screenshots: Path
) -> None:
    documents.stream(db, state="ended", session="20200101T000000Z-gone00")
    page = open_recorded(watched, site)
    expect(page.get_by_role("heading", name="There is no recording to show")).to_be_visible()
    look(page, screenshots, "session-expired")
    documents.stream(db, state="live", session="20200101T000000Z-new000")
    expect(page.get_by_text("Waiting for the first segment")).to_be_visible()


def test_who_chose_to_be_behind_the_live_edge_is_left_there(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    pieces = splice((stream_clip, range(12), 0.0), (stream_clip, range(12), 0.0))
    spliced.live(site, db, pieces, ready=18, window=18)
    watched.context.add_init_script(FIRST)
    page = open_recorded(watched, site, f"&session={documents.SESSION}&t=8")
    assert 7.9 < page.evaluate("first") < 9  # a browser under load may leave out the first callbacks
    shown = [one["sessionTime"] for one in record(page, 90)]  # the playlist is read again meanwhile, more than once
    assert shown == sorted(shown)
    assert shown[-1] < 20
    seek_by(page, "l")
    assert min(one["sessionTime"] for one in record(page, 30)) > 28
    seek_by(page, "Home")
    shown = [one["sessionTime"] for one in record(page, 90)]
    assert shown == sorted(shown)
    assert shown[-1] < 20


def test_a_moment_that_has_left_the_live_window_is_said_to_have_left(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip, screenshots: Path
) -> None:
    live(site, db, stream_clip)
    # A window that does not move, so that it does not end while a busy machine gets here.
    name = f"playlists/{documents.STREAM}/{documents.SESSION}/index.m3u8"
    site.media[name] = stream_clip.playlist(4, 6, end=False).encode()
    watched.context.add_init_script(FIRST)
    page = open_recorded(watched, site, f"&session={documents.SESSION}&t=1.5")
    expect(page.locator(".banner")).to_contain_text("has left the live window", timeout=20_000)
    assert page.evaluate("first") > 4
    page.keyboard.press("k")
    look(page, screenshots, "moment-left")


def test_a_playlist_that_is_missing_is_said_and_found_again(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip, screenshots: Path
) -> None:
    watched.expected = ("404",)
    recorded(site, db, stream_clip, range(12))
    [name] = [name for name in site.media if name.endswith("vod.m3u8")]
    playlist = site.media.pop(name)
    page = open_recorded(watched, site)
    expect(page.get_by_role("alert")).to_contain_text("The playlist of this session is missing", timeout=20_000)
    expect(page.locator("ma-sightings")).to_contain_text("Velox")
    look(page, screenshots, "playlist-missing")
    site.media[name] = playlist
    assert_exact(record(page, 10))


def test_a_live_stream_looks_live(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip, screenshots: Path
) -> None:
    live(site, db, stream_clip)
    page = open_recorded(watched, site)
    record(page, 60)
    expect(page.locator("ma-state-chip")).to_contain_text("live")
    look(page, screenshots, "live")
