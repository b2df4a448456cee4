"""Watch: the player on narrow screens, with a contrast theme, and with the reader's own size of letters."""

from __future__ import annotations

import base64

from google.cloud import firestore
from tests.web.conftest import Watched
from tests.web.data.spoken import transcripts
from tests.web.doubles.site import Site
from tests.web.footage.clip import Clip
from tests.web.footage.publish import recorded
from tests.web.watch.drawn import open_paused

# Buttons of the bar that can be seen: name, right edge, bottom edge.
BUTTONS = """() => [...window.player().shadowRoot.querySelector('ma-player-bar').shadowRoot
  .querySelectorAll('.row button')]
  .map((one) => [one.ariaLabel ?? one.textContent.trim(), one.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0).map(([name, box]) => [name, box.left, box.right])"""
COLOURS = """async (data) => {
  const image = new Image(); image.src = 'data:image/png;base64,' + data; await image.decode()
  const canvas = document.createElement('canvas'); canvas.width = image.width; canvas.height = image.height
  const context = canvas.getContext('2d'); context.drawImage(image, 0, 0)
  const pixels = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer)
  return new Set(pixels).size
}"""


def test_every_button_of_the_bar_is_on_a_narrow_screen(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    recorded(site, db, stream_clip, range(4))
    transcripts(db, stream_clip, range(4))
    page = open_paused(watched, site)
    page.locator("ma-player-bar").get_by_label("Speech as captions").wait_for()
    for width in (320, 344, 360):
        page.set_viewport_size({"width": width, "height": 700})
        shown = page.evaluate(BUTTONS)
        assert [one for one in shown if one[1] < 0 or one[2] > width] == []
        assert "Full screen" in [name for name, *_ in shown]


def test_a_contrast_theme_shows_the_seek_bar_and_what_is_pressed(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    recorded(site, db, stream_clip, range(4))
    page = open_paused(watched, site)
    page.emulate_media(forced_colors="active")
    bar = page.locator("ma-seek-bar")
    assert page.evaluate(COLOURS, base64.b64encode(bar.screenshot()).decode()) > 2
    captions = page.locator("ma-player-bar").get_by_label("On-screen text as captions")
    looks = "one => { const { color, backgroundColor } = getComputedStyle(one); return [color, backgroundColor] }"
    before = captions.evaluate(looks)
    captions.click()
    assert captions.evaluate(looks) != before


def test_letters_grow_with_the_reader_s_size(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    recorded(site, db, stream_clip, range(4))
    page = open_paused(watched, site)
    size = "() => parseFloat(getComputedStyle(document.body).fontSize)"
    before = page.evaluate(size)
    page.evaluate("document.documentElement.style.fontSize = '24px'")  # as the browser's own setting of 24 px does
    assert page.evaluate(size) == before * 1.5
