"""Watch: keys, captions, speed, volume, previews, and a window of its own for the picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from google.cloud import firestore
from playwright.sync_api import Page, expect
from tests.web.conftest import Watched
from tests.web.data import documents
from tests.web.doubles.site import Site
from tests.web.footage.clip import Clip
from tests.web.footage.publish import live, recorded
from tests.web.views import look, opened
from tests.web.watch.drawn import assert_exact, open_paused, open_recorded, record, time_of

CAPTION = """new Promise((done, failed) => {
  setTimeout(() => failed(new Error('no caption')), 20000)
  const tracks = [...window.player().shadowRoot.querySelector('video').textTracks]
  const track = tracks.find(({ label }) => label === 'On-screen text')
  const look = () => track.activeCues?.length && done(track.activeCues[0].text)
  track.addEventListener('cuechange', look)
  look()
})"""


def video(page: Page, what: str) -> Any:
    return page.evaluate(f"window.player().shadowRoot.querySelector('video').{what}")


def test_keys_are_explained_and_the_focus_comes_back(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip, screenshots: Path
) -> None:
    recorded(site, db, stream_clip, range(12))
    page = open_paused(watched, site)
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
    page = open_paused(watched, site)
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
    page = open_paused(watched, site)
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
    expect(page.locator("ma-player")).to_contain_text("The picture is in its own window")
    away = page.frame_locator("iframe")
    expect(away.locator("video")).to_be_visible()
    assert page.evaluate(NEXT) >= 1
    assert away.locator("canvas").evaluate("(canvas) => canvas.width") > 100
    page.keyboard.press("i")
    expect(page.locator("ma-player video")).to_be_visible()
    assert_exact(record(page, 10))
