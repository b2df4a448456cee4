"""Explore's grid: walked by keys, and made of no more tiles than are near the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from google.cloud import firestore
from playwright.sync_api import expect
from tests.web.conftest import Watched
from tests.web.data.exploring import OTHER, OTHER_SESSION, details, explore, put, put_other, tiles
from tests.web.doubles.site import Site
from tests.web.footage import clip as synthetic
from tests.web.views import look

# Scrolls down until a tile is there: the page grows when its columns have become fewer.
SCROLL_TO = """(grid, number) => new Promise((done, failed) => {
  setTimeout(() => failed(new Error(`tile ${number} did not come`)), 20000)
  const down = () => {
    window.scrollTo(0, document.documentElement.scrollHeight)
    if (grid.shadowRoot.querySelector(`[aria-posinset="${number}"]`)) done()
    else requestAnimationFrame(down)
  }
  down()
})"""

# Comments that belong to no tile: each has two.
SPARE = """(grid) => {
  const nodes = [...grid.shadowRoot.querySelector('ul').childNodes]
  const tiles = nodes.filter(({ localName }) => localName === 'li').length
  return nodes.filter(({ nodeType }) => nodeType === Node.COMMENT_NODE).length - 2 * tiles
}"""


def test_it_is_walked_with_arrow_keys_opened_with_enter_and_closed_with_escape(
    site: Site, db: firestore.Client, watched: Watched, screenshots: Path
) -> None:
    put(site, db, range(20))
    put_other(site, db, 3)
    page = explore(watched, site)
    expect(tiles(page)).to_have_count(21)
    tiles(page).first.get_by_role("button").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    shown = details(page)
    expect(shown.get_by_role("heading", name="Harbour, north pier")).to_be_visible()
    expect(shown).to_contain_text("Cloud Vision · builtin/stable · 120 ms")
    expect(shown).to_contain_text("The analysis failed: Quota exceeded.")
    expect(shown.locator("li")).to_contain_text(["Nordal", "Aster"])
    expect(shown.locator("ma-snapshot-picture i")).to_have_count(2)
    place = shown.locator("ma-snapshot-picture i").first.evaluate(
        "(box) => { const [a, b] = [box.getBoundingClientRect(), box.parentElement.getBoundingClientRect()];"
        " return [(a.x - b.x) / b.width, (a.y - b.y) / b.height, a.width / b.width, a.height / b.height] }"
    )
    assert place == pytest.approx([0.4, 0.3, *synthetic.BOX], abs=0.005)
    moment = shown.get_by_role("link", name="Watch this moment")
    expect(moment).to_have_attribute("href", f"?stream={OTHER}&session={OTHER_SESSION}&t=3.000")
    look(page, screenshots, "explore-details")
    page.set_viewport_size({"width": 1440, "height": 900})
    tiles(page).first.get_by_role("button").focus()
    page.keyboard.press("ArrowRight")
    expect(details(page).get_by_role("heading", name="Velodrome, camera 2")).to_be_visible()
    page.keyboard.press("Escape")
    expect(details(page)).to_have_count(0)
    focused = "document.activeElement.shadowRoot.activeElement.shadowRoot.activeElement.shadowRoot.activeElement"
    assert page.evaluate(f"{focused}.closest('li').ariaPosInSet") == "2"


def test_of_hundreds_only_those_near_the_screen_exist(site: Site, db: firestore.Client, watched: Watched) -> None:
    put(site, db, range(400))
    page = explore(watched, site)
    expect(tiles(page).first).to_be_visible()
    tiles(page).first.get_by_role("button").focus()
    last = 0
    for _ in range(20):
        page.keyboard.press("End")
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert tiles(page).count() < 120
        last = int(tiles(page).last.get_attribute("aria-posinset") or 0)
        if last == 400:
            break
        expect(page.get_by_role("status").first).not_to_contain_text(f"{last} snapshots", timeout=10_000)
    assert last == 400
    expect(tiles(page).last).to_have_attribute("aria-setsize", "400")


def test_what_has_the_focus_keeps_it_when_the_page_is_scrolled_or_resized(
    site: Site, db: firestore.Client, watched: Watched
) -> None:
    put(site, db, range(60))
    page = explore(watched, site)
    tiles(page).first.get_by_role("button").focus()
    page.set_viewport_size({"width": 700, "height": 500})
    page.locator("ma-explore-grid").evaluate(SCROLL_TO, "60")
    page.keyboard.press("ArrowRight")
    expect(tiles(page).and_(page.locator("[aria-posinset='2']")).get_by_role("button")).to_be_focused()
    expect(tiles(page).and_(page.locator("[aria-posinset='2']"))).to_be_in_viewport()


def test_tiles_that_have_left_leave_nothing_behind(site: Site, db: firestore.Client, watched: Watched) -> None:
    """lit-html 3.3.1 to 3.3.3 leave a comment for each (https://github.com/lit/lit/issues/5298): the page grew slow."""
    put(site, db, range(60))
    page = explore(watched, site)
    page.set_viewport_size({"width": 700, "height": 500})
    grid = page.locator("ma-explore-grid")
    spare: list[int] = []
    for _ in range(3):
        grid.evaluate(SCROLL_TO, "60")
        spare.append(grid.evaluate(SPARE))
        page.evaluate("window.scrollTo(0, 0)")
        expect(tiles(page).and_(page.locator("[aria-posinset='60']"))).to_have_count(0)
    assert len(set(spare)) == 1, spare
