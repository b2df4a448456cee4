"""What the Watch view offers beside playing: filters, moments with addresses, sessions, captions, previews."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from google.cloud import firestore
from playwright.sync_api import Page, expect

from . import clip as synthetic
from . import documents, spliced
from .clip import Clip
from .conftest import Watched
from .publish import live, publish, recorded
from .site import Site
from .spliced import splice
from .test_overlay import assert_exact, open_recorded, record, seek_by
from .test_player import time_of
from .views import look, opened

EARLIER = "20260228T090000Z-old111"
CAPTION = """new Promise((done, failed) => {
  setTimeout(() => failed(new Error('no caption')), 20000)
  const tracks = [...window.player().shadowRoot.querySelector('video').textTracks]
  const track = tracks.find(({ label }) => label === 'On-screen text')
  const look = () => track.activeCues?.length && done(track.activeCues[0].text)
  track.addEventListener('cuechange', look)
  look()
})"""


FIRST = """window.first = new Promise((done) => document.addEventListener('overlay-drawn', ({ detail }) => {
  if (!detail.repaint && detail.sessionTime !== null) done(detail.sessionTime)
}))"""


def video(page: Page, what: str) -> Any:
    return page.evaluate(f"window.player().shadowRoot.querySelector('video').{what}")


def labels(page: Page) -> list[str]:
    """Of the boxes on the next two seconds of frames that have one."""
    return sorted({box["label"] for one in record(page, 60) for box in one["boxes"]})


def test_what_is_hidden_is_hidden_everywhere_and_stays_so_in_the_address(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip, screenshots: Path
) -> None:
    recorded(site, db, stream_clip, range(12))
    page = open_recorded(watched, site)
    assert labels(page) == ["FINAL LAP", "Velox"]
    page.keyboard.press("k")
    page.evaluate("window.player().seekSession(0.5)")
    panel, below = page.locator("ma-frame-panel"), page.locator("ma-sightings")
    expect(panel).to_contain_text("FINAL LAP")
    page.get_by_role("button", name="Text", exact=True).click()
    expect(panel).not_to_contain_text("FINAL LAP")
    expect(panel).to_contain_text("1 · 1 hidden")
    expect(below).not_to_contain_text("FINAL LAP")
    expect(page).to_have_url(site.page(f"?stream={documents.STREAM}&hide=text"))
    page.reload()
    expect(page.get_by_role("button", name="Text", exact=True)).to_have_attribute("aria-pressed", "false")
    assert labels(page) == ["Velox"]
    page.keyboard.press("k")
    page.locator("ma-filter-bar summary").click()
    look(page, screenshots, "filter")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("checkbox", name="Velox").uncheck()
    expect(below).to_contain_text("is hidden by what you chose above")
    page.keyboard.press("Escape")
    expect(page.get_by_role("checkbox", name="Velox")).to_have_count(0)
    page.get_by_role("button", name="Show all").click()
    expect(below).to_contain_text("FINAL LAP")
    expect(page).to_have_url(site.page(f"?stream={documents.STREAM}"))


def test_the_least_confidence_is_set_by_the_keyboard_and_does_not_move_the_picture(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    recorded(site, db, stream_clip, range(12))
    page = open_recorded(watched, site)
    record(page, 10)
    page.keyboard.press("k")
    page.evaluate("window.player().seekSession(0.5)")
    expect(page.locator("ma-frame-panel")).to_contain_text("FINAL LAP")
    at = time_of(page)
    slider = page.get_by_role("slider", name="Least confidence")
    slider.focus()
    for _ in range(9):
        page.keyboard.press("PageUp")
    expect(page.locator("ma-frame-panel")).not_to_contain_text("FINAL LAP")
    page.keyboard.press("ArrowLeft")
    assert time_of(page) == at
    least = int(slider.input_value())
    expect(page).to_have_url(site.page(f"?stream={documents.STREAM}&least={least}"))


def test_a_link_to_the_moment_shows_that_very_frame(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    recorded(site, db, stream_clip, range(12))
    watched.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = open_recorded(watched, site)
    record(page, 10)
    page.keyboard.press("k")
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
    expect(page.get_by_role("alert")).to_contain_text("This session is not there")
    look(page, screenshots, "session-missing")


def test_who_chose_to_be_behind_the_live_edge_is_left_there(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    pieces = splice((stream_clip, range(12), 0.0), (stream_clip, range(12), 0.0))
    spliced.live(site, db, pieces, ready=18, window=18)
    watched.context.add_init_script(FIRST)
    page = open_recorded(watched, site, f"&session={documents.SESSION}&t=8")
    assert page.evaluate("first") == pytest.approx(8, abs=0.5)
    shown = [one["sessionTime"] for one in record(page, 90)]  # the playlist is read anew meanwhile, more than once
    assert shown == sorted(shown)
    assert shown[-1] < 20
    seek_by(page, "l")
    assert min(one["sessionTime"] for one in record(page, 30)) > 28
    seek_by(page, "Home")
    shown = [one["sessionTime"] for one in record(page, 90)]
    assert shown == sorted(shown)
    assert shown[-1] < 20


def test_what_was_found_minutes_ago_stays_while_more_is_found(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    """More frames than are watched (60): those before are read once, and what leaves the watched ones is kept."""
    watched.expected = ("404",)  # the snapshots of what is found later
    pieces = splice(*[(stream_clip, range(12), 0.0)] * 3)
    spliced.recorded(site, db, pieces)
    page = open_recorded(watched, site)
    cards = page.locator("ma-sightings li")
    first = cards.filter(has_text="0:00.00 – 0:01.50").filter(has_text="FINAL LAP")
    expect(first).to_have_count(1)
    session = db.document(f"streams/{documents.STREAM}/sessions/{documents.SESSION}")
    found = cards.filter(has_text="Nordal")
    for count in range(1, 4):  # each leaves a gap of frames, so that it is found anew
        for at in range(count * 20, count * 20 + 10):
            fields = documents.frame(at % 600, 40, synthetic.STARTED) | {"media_time": 72 + at / 2}
            logo = documents.detection("Nordal", "logo", 0.9, 0.5, 0.5)
            fields["analyses"]["logo"]["detections"] = [logo] if at % 20 == 0 else []
            session.collection("frames").document(f"{72000 + at * 500:010d}").set(fields)
        expect(found).to_have_count(count)
    expect(first).to_have_count(1)


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


def test_keys_are_explained_and_the_focus_comes_back(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip, screenshots: Path
) -> None:
    recorded(site, db, stream_clip, range(12))
    page = open_recorded(watched, site)
    record(page, 10)
    page.keyboard.press("k")
    keys = page.get_by_role("button", name="Keys")
    keys.click()
    dialog = opened(page, "Keys")
    expect(dialog).to_contain_text("One frame back")
    at = time_of(page)
    page.keyboard.press("ArrowRight")
    assert time_of(page) == at, "keys do nothing behind the dialog"
    look(page, screenshots, "keys")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(keys).to_be_focused()
    page.keyboard.press("?")
    expect(dialog).to_have_count(1)
    page.keyboard.press("?")
    expect(dialog).to_have_count(0)


def test_text_on_the_screen_is_shown_as_captions(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip, screenshots: Path
) -> None:
    recorded(site, db, stream_clip, range(12))
    page = open_recorded(watched, site)
    record(page, 10)
    page.keyboard.press("k")
    page.evaluate("window.player().seekSession(5)")
    captions = page.get_by_role("button", name="On-screen text as captions")
    expect(captions).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("c")
    expect(captions).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(CAPTION) == "FINAL LAP"
    look(page, screenshots, "captions")
    page.keyboard.press("c")
    expect(captions).to_have_attribute("aria-pressed", "false")


def test_a_recording_is_played_faster_and_a_live_stream_is_not(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    recorded(site, db, stream_clip, range(12))
    page = open_recorded(watched, site)
    record(page, 10)
    speed = page.get_by_role("combobox", name="Speed")
    page.keyboard.press(">")
    expect(speed).to_have_value("1.25")
    speed.select_option("2")
    assert video(page, "playbackRate") == 2
    live(site, db, stream_clip)
    page.reload()
    record(page, 5)
    expect(speed).to_have_count(0)
    page.keyboard.press(">")
    assert video(page, "playbackRate") == 1


def test_the_volume_is_set_by_the_slider_and_by_keys_in_the_player(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    recorded(site, db, stream_clip, range(12))
    page = open_recorded(watched, site)
    record(page, 10)
    page.get_by_role("slider", name="Volume").fill("0.5")
    assert (video(page, "volume"), video(page, "muted")) == (0.5, False)
    page.get_by_role("button", name="Mute", exact=True).focus()
    page.keyboard.press("ArrowUp")
    assert video(page, "volume") == pytest.approx(0.6)
    for _ in range(6):
        page.keyboard.press("ArrowDown")
    assert video(page, "muted")
    expect(page.get_by_role("button", name="Unmute")).to_be_visible()


def test_hovering_the_seek_bar_shows_what_is_there(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip, screenshots: Path
) -> None:
    recorded(site, db, stream_clip, range(12))
    page = open_recorded(watched, site)
    record(page, 10)
    page.keyboard.press("k")
    bar = page.get_by_role("slider", name="Position")
    width = (bar.bounding_box() or {"width": 0})["width"]
    bar.hover(position={"x": width * 10.4 / 24, "y": 9})
    preview = page.locator(".preview")
    expect(preview).to_contain_text("0:10")
    expect(preview.locator("img")).to_have_attribute(
        "src", f"{site.url}/media/frames/{documents.STREAM}/{documents.SESSION}/0000010000.jpg"
    )
    page.screenshot(path=screenshots / "preview.png")
    page.mouse.move(10, 10)
    expect(preview).to_have_count(0)


FLOAT = """Object.defineProperty(window, 'documentPictureInPicture', { value: { requestWindow: async () => {
  const frame = document.body.appendChild(document.createElement('iframe'))
  const own = frame.contentWindow
  own.close = () => { own.dispatchEvent(new Event('pagehide')); frame.remove() }
  return own
} } })"""
NEXT = """new Promise((done, failed) => {
  setTimeout(() => failed(new Error('nothing is drawn')), 20000)
  document.addEventListener('overlay-drawn', ({ detail }) => detail.repaint || done(detail.boxes.length))
})"""


def test_the_picture_goes_into_a_window_of_its_own_with_its_boxes_and_comes_back(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    """The window is an iframe here: Chromium without a screen has no others."""
    recorded(site, db, stream_clip, range(12))
    watched.context.add_init_script(FLOAT)
    page = open_recorded(watched, site)
    record(page, 10)
    page.get_by_role("button", name="Picture in picture").click()
    expect(page.locator("ma-player")).to_contain_text("The picture is in a window of its own")
    away = page.frame_locator("iframe")
    expect(away.locator("video")).to_be_visible()
    assert page.evaluate(NEXT) >= 1
    assert away.locator("canvas").evaluate("(canvas) => canvas.width") > 100
    page.keyboard.press("i")
    expect(page.locator("ma-player video")).to_be_visible()
    assert_exact(record(page, 10))


def analysed(db: firestore.Client, clip: Clip, kinds: tuple[str, ...], **fields: Any) -> None:
    """Changes what stands in all frames about these kinds."""
    batch = db.batch()
    for at in range(0, round(clip.duration * synthetic.FPS), synthetic.KNOT):
        name = f"{round(at / synthetic.FPS * 1000):010d}"
        changes = {f"analyses.{kind}.{field}": value for kind in kinds for field, value in fields.items()}
        batch.update(db.document(f"streams/{documents.STREAM}/sessions/{documents.SESSION}/frames/{name}"), changes)
    batch.commit()


def test_a_quota_that_is_used_up_is_said_above_and_on_the_frame(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip, screenshots: Path
) -> None:
    live(site, db, stream_clip)
    words = "Cloud Vision's quota is used up for now: Quota exceeded for quota metric 'Requests'"
    analysed(db, stream_clip, ("text",), error=words, detections=[])
    page = open_recorded(watched, site)
    record(page, 10)
    expect(page.locator(".banner")).to_contain_text(
        "The quota of Cloud Vision is used up for now: frames wait for their text analysis"
    )
    page.keyboard.press("k")
    expect(page.locator("ma-frame-panel")).to_contain_text("Text: quota used up")
    expect(page.locator("ma-frame-panel")).to_contain_text("Velox")
    look(page, screenshots, "quota")
    analysed(db, stream_clip, ("text",), error=None)
    expect(page.locator(".banner")).to_have_count(0)


def test_another_provider_in_the_place_of_one_that_fails_is_said(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip, screenshots: Path
) -> None:
    live(site, db, stream_clip)
    analysed(db, stream_clip, ("logo",), fallback_from="clip")
    page = open_recorded(watched, site)
    record(page, 10)
    page.keyboard.press("k")
    expect(page.locator(".banner")).to_contain_text("CLIP is failing: Cloud Vision looks for logos instead")
    expect(page.locator("ma-frame-panel")).to_contain_text("provider degraded: instead of CLIP")
    expect(page.locator("ma-frame-panel")).to_contain_text("builtin/stable · 120 ms")
    look(page, screenshots, "degraded")


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
