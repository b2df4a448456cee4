"""The wall of streams: what each tile shows, which of them play, and what is found."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from google.cloud import firestore
from playwright.sync_api import Locator, Page, expect
from tests.web.conftest import Watched
from tests.web.data import documents
from tests.web.doubles.site import Site
from tests.web.footage.clip import Clip
from tests.web.footage.publish import live, recorded
from tests.web.views import look

CORES = "Object.defineProperty(navigator, 'hardwareConcurrency', { value: %d })"
# Two frames were presented one after the other: it moves.
MOVES = """(video) => new Promise((go, fail) => {
    setTimeout(() => fail(new Error('it stands still')), 20000)
    video.requestVideoFrameCallback((_, { mediaTime }) => {
        video.requestVideoFrameCallback((_, next) => go(next.mediaTime > mediaTime))
    })
})"""


def a_stream(db: firestore.Client, name: str, state: str, **fields: object) -> None:
    base = {"tenant": "main", "name": name.replace("-", " ").capitalize(), "state": state}
    base |= {"session": None, "source": None}
    db.document(f"streams/{name}").set({**base, **fields})


def a_wall(site: Site, db: firestore.Client, clip: Clip) -> None:
    """One of each state, as a deployment may have them; the live one plays."""
    live(site, db, clip)
    ago = datetime.now(UTC)
    session = documents.SESSION
    for name, state, hours in (("finish-line", "ended", 3), ("paddock", "ended", 50), ("drone", "error", 30)):
        a_stream(db, name, state, session=session, last_segment_at=ago - timedelta(hours=hours), source="rtmp")
        number = {"finish-line": 120, "paddock": 300, "drone": 420}[name]
        frame = documents.frame(number, 0, ago)  # its picture is the live one's: there is one clip
        db.document(f"streams/{name}/sessions/{session}/frames/{number:010d}").set(frame)
    a_stream(db, "podium", "connecting", source="webcam", session=None)
    a_stream(db, "motorbike-1", "reconnecting", source="rtmp", session=session)
    db.document(f"streams/motorbike-1/sessions/{session}/frames/0000000000").set(documents.frame(210, 0, ago))
    a_stream(db, "warm-up", "idle")


def tile(page: Page, name: str) -> Locator:
    return page.locator("ma-stream-tile").filter(has=page.get_by_role("link", name=name))


def names(page: Page) -> list[str]:
    return page.locator("ma-stream-tile a").all_text_contents()


def test_each_state_has_its_tile_live_ones_first(
    site: Site, db: firestore.Client, watched: Watched, screenshots: Path, stream_clip: Clip
) -> None:
    a_wall(site, db, stream_clip)
    page = watched.open(site.page())
    expect(tile(page, "Podium")).to_contain_text("Its sender has connected")
    expect(tile(page, "Warm up")).to_contain_text("Nothing has been streamed yet")
    expect(tile(page, "Finish line")).to_contain_text("last live 3 hours ago")
    expect(tile(page, "Drone")).to_contain_text("error")
    expect(tile(page, "Motorbike 1")).to_contain_text("reconnecting")
    assert names(page) == [
        *("Velodrome, camera 2", "Motorbike 1", "Podium"),
        *("Finish line", "Drone", "Paddock", "Warm up"),
    ]
    expect(page.locator("video.moving")).to_have_count(1, timeout=30_000)
    page.screenshot(path=screenshots / "wall-moving.png")
    look(page, screenshots, "wall")
    page.set_viewport_size({"width": 3840, "height": 2160})
    page.screenshot(path=screenshots / "wall-display.png")


def test_a_live_tile_plays_muted_and_says_what_is_in_the_picture(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    live(site, db, stream_clip)
    page = watched.open(site.page())
    found = tile(page, "Velodrome, camera 2")
    expect(found.get_by_label("On its newest frame")).to_contain_text("Velox")
    expect(found).to_contain_text("OBS · 0:23 so far")
    video = found.locator("video.moving")
    expect(video).to_have_count(1, timeout=30_000)
    assert video.evaluate(MOVES)
    assert video.evaluate("(video) => video.muted")


def test_an_idle_tile_shows_the_last_frame_there_is(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    recorded(site, db, stream_clip, range(12))
    page = watched.open(site.page())
    picture = tile(page, "Velodrome, camera 2").locator("img")
    expect(picture).to_have_attribute("src", re.compile(rf"/{documents.SESSION}/0000023500\.jpg$"))
    assert picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 0
    expect(page.locator("ma-tile-player")).to_have_count(0)


def test_no_more_play_at_once_than_may_and_the_next_one_gets_its_turn(
    site: Site, db: firestore.Client, watched: Watched
) -> None:
    # There is no video behind these; a player that is taken away drops what it was about to load.
    watched.expected = ("404", "ERR_FILE_NOT_FOUND")
    watched.context.add_init_script(CORES % 2)
    for name in ("one", "two", "three"):
        a_stream(db, name, "live", session=documents.SESSION)
    page = watched.open(site.page())
    expect(page.locator("ma-stream-tile")).to_have_count(3)
    expect(page.locator("ma-tile-player")).to_have_count(2)
    playing = page.locator("ma-stream-tile").filter(has=page.locator("ma-tile-player")).locator("a").all_text_contents()
    [waiting] = {"One", "Two", "Three"} - set(playing)
    a_stream(db, playing[0].lower(), "ended", session=documents.SESSION)
    expect(tile(page, waiting).locator("ma-tile-player")).to_have_count(1)
    expect(page.locator("ma-tile-player")).to_have_count(2)


def test_what_is_out_of_sight_does_not_play(site: Site, db: firestore.Client, watched: Watched) -> None:
    watched.expected = ("404", "ERR_FILE_NOT_FOUND")
    watched.context.add_init_script(CORES % 9)
    for number in range(12):
        a_stream(db, f"camera-{number:02d}", "live", session=documents.SESSION)
    page = watched.open(site.page())
    page.set_viewport_size({"width": 560, "height": 500})
    first, last = tile(page, "Camera 00"), tile(page, "Camera 11")
    expect(first.locator("ma-tile-player")).to_have_count(1)
    expect(last.locator("ma-tile-player")).to_have_count(0)
    last.scroll_into_view_if_needed()
    expect(last.locator("ma-tile-player")).to_have_count(1)
    expect(first.locator("ma-tile-player")).to_have_count(0)


def test_where_motion_is_not_wanted_nothing_moves(site: Site, db: firestore.Client, watched: Watched) -> None:
    watched.expected = ("404", "ERR_FILE_NOT_FOUND")
    a_stream(db, "one", "live", session=documents.SESSION)
    page = watched.open(site.page("?still=1"))
    expect(page.get_by_role("link", name="One")).to_be_visible()
    expect(page.locator("ma-tile-player")).to_have_count(0)
    page.get_by_role("button", name="Moving pictures").click()
    expect(page.locator("ma-tile-player")).to_have_count(1)
    expect(page).to_have_url(site.page("?"))
    page.emulate_media(reduced_motion="reduce")
    expect(page.locator("ma-tile-player")).to_have_count(0)


def test_search_and_filter_are_in_the_address_and_links_to_them_work(
    site: Site, db: firestore.Client, watched: Watched, screenshots: Path
) -> None:
    for name, state in (("velodrome-1", "ended"), ("velodrome-2", "idle"), ("stadium", "ended")):
        a_stream(db, name, state)
    page = watched.open(site.page())
    page.get_by_label("Search streams").fill("velo")
    expect(page.locator("ma-stream-tile")).to_have_count(2)
    page.get_by_role("button", name="Ended 1").click()
    expect(page.locator("ma-stream-tile")).to_have_count(1)
    expect(page).to_have_url(site.page("?q=velo&state=ended"))
    page.reload()
    expect(page.get_by_label("Search streams")).to_have_value("velo")
    expect(page.get_by_role("button", name="Ended 1")).to_have_attribute("aria-pressed", "true")
    assert names(page) == ["Velodrome 1"]
    page.get_by_label("Search streams").fill("harbour")
    expect(page.get_by_text("No stream here matches “harbour”")).to_be_visible()
    look(page, screenshots, "wall-no-match")
    page.get_by_role("button", name="Show all streams").click()
    expect(page.locator("ma-stream-tile")).to_have_count(3)


def test_a_stream_that_is_made_renamed_or_deleted_is_so_here_at_once(
    site: Site, db: firestore.Client, watched: Watched
) -> None:
    a_stream(db, "one", "idle")
    page = watched.open(site.page())
    expect(page.locator("ma-stream-tile")).to_have_count(1)
    a_stream(db, "two", "idle")
    expect(page.locator("ma-stream-tile")).to_have_count(2)
    db.document("streams/two").update({"name": "Second stage"})
    expect(page.get_by_role("link", name="Second stage")).to_be_visible()
    db.document("streams/one").delete()
    expect(page.locator("ma-stream-tile")).to_have_count(1)


def test_tiles_are_reached_and_opened_by_keyboard(site: Site, db: firestore.Client, watched: Watched) -> None:
    a_stream(db, "one", "idle")
    page = watched.open(site.page())
    page.get_by_role("button", name="Create a stream").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="One")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(site.page("?stream=one"))
