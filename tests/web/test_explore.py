"""Explore: snapshots of all streams by what is on them. Every filter is one query, and lies in the address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from google.cloud import firestore
from playwright.sync_api import Locator, Page, expect

from . import clip as synthetic
from . import documents
from .clip import FPS, STARTED
from .conftest import Firestore, Watched
from .proxy import Proxy
from .site import Site
from .views import look

OTHER = "harbour"
OTHER_SESSION = "20260301T140000Z-fedcba"
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


@pytest.fixture
def proxy(emulator_process: Firestore, site: Site) -> Iterator[Proxy]:
    """Between the page and the database, so that a test can cut it."""
    between = Proxy(emulator_process.port)
    assert site.config
    site.config["firestoreEmulator"] = f"127.0.0.1:{between.port}"
    yield between
    between.close()


def put(site: Site, db: firestore.Client, knots: Iterable[int]) -> None:
    """Frames of the synthetic clip: Velox on each, and a text on every other two."""
    documents.stream(db)
    batch = db.batch()
    for count, knot in enumerate(knots, 1):
        at = knot * synthetic.KNOT
        path = f"{documents.STREAM}/sessions/{documents.SESSION}/frames/{round(at / FPS * 1000):010d}"
        batch.set(db.document(f"streams/{path}"), documents.frame(at, at // 60, STARTED))
        site.media[documents.frame(at, 0, STARTED)["snapshot"]] = partial(synthetic.jpeg, at % 600)
        if count % 200 == 0:
            batch.commit()
            batch = db.batch()
    batch.commit()


def put_other(site: Site, db: firestore.Client, seconds: int, label: str = "Nordal", **changes: Any) -> None:
    """A frame of another stream, an hour later."""
    db.document(f"streams/{OTHER}").set({"name": "Harbour, north pier", "state": "live"})
    name = f"{seconds * 1000:010d}"
    analyses = {
        "logo": documents.analysis(
            [documents.detection(label, "logo", 0.88, 0.4, 0.3), documents.detection("Aster", "logo", 0.52, 0.1, 0.6)],
            STARTED,
        ),
        "text": {**documents.analysis([], STARTED), "error": "Quota exceeded."},
    }
    snapshot = f"frames/{OTHER}/{OTHER_SESSION}/{name}.jpg"
    site.media[snapshot] = partial(synthetic.jpeg, seconds)
    fields = {
        **documents.frame(0, 0, STARTED, OTHER_SESSION),
        "media_time": float(seconds),
        "program_date_time": STARTED + timedelta(hours=1, seconds=seconds),
        "snapshot": snapshot,
        "stream": OTHER,
        "analyses": analyses,
        "seen": documents.seen(analyses),
    }
    db.document(f"streams/{OTHER}/sessions/{OTHER_SESSION}/frames/{name}").set({**fields, **changes})


def explore(watched: Watched, site: Site, query: str = "") -> Page:
    return watched.open(site.page(f"?view=explore{query}"))


def tiles(page: Page) -> Locator:
    return page.locator("ma-explore-grid li")


def details(page: Page) -> Locator:
    return page.get_by_role("region", name="Details")


def test_before_anything_was_found_it_says_what_will_be_here(
    site: Site, db: firestore.Client, watched: Watched, screenshots: Path
) -> None:
    page = explore(watched, site)
    expect(page.get_by_role("heading", name="Nothing has been found yet")).to_be_visible()
    expect(page.get_by_role("link", name="Explore")).to_have_attribute("aria-current", "page")
    look(page, screenshots, "explore-empty")


def test_snapshots_of_all_streams_come_newest_first(
    site: Site, db: firestore.Client, watched: Watched, screenshots: Path
) -> None:
    put(site, db, range(20))
    put_other(site, db, 3)
    page = explore(watched, site)
    expect(tiles(page)).to_have_count(21)
    expect(tiles(page).first).to_contain_text("Nordal +1")
    expect(tiles(page).first).to_contain_text("Harbour, north pier")
    expect(tiles(page).nth(1)).to_contain_text("Velox")
    expect(page.get_by_role("status").first).to_have_text("21 snapshots, newest first")
    look(page, screenshots, "explore")


def test_filters_narrow_it_down_and_lie_in_the_address(
    site: Site, db: firestore.Client, watched: Watched, screenshots: Path
) -> None:
    put(site, db, range(20))
    put_other(site, db, 3)
    page = explore(watched, site)
    page.get_by_label("Label").fill("  nORDAL ")
    page.get_by_label("Label").press("Enter")
    expect(tiles(page)).to_have_count(1)
    expect(page).to_have_url(site.page("?view=explore&label=nORDAL"))
    page.get_by_role("button", name="Clear").click()
    page.get_by_label("Kind").select_option("text")
    expect(tiles(page)).to_have_count(12)  # a text is on the frames of every other two seconds
    page.get_by_label("Stream").select_option(OTHER)
    expect(page.get_by_role("heading", name="No snapshot matches")).to_be_visible()
    look(page, screenshots, "explore-no-match")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.reload()
    expect(page.get_by_label("Kind")).to_have_value("text")
    expect(page.get_by_label("Stream")).to_have_value(OTHER)
    page.get_by_role("button", name="Clear the filters").click()
    expect(tiles(page)).to_have_count(21)
    expect(page).to_have_url(site.page("?view=explore"))


def test_a_confidence_and_a_time_narrow_it_down_too(site: Site, db: firestore.Client, watched: Watched) -> None:
    put(site, db, range(20))
    put_other(site, db, 3)
    page = explore(watched, site, "&confidence=0.95")
    # Confidences of the synthetic logo are 0.9 to 0.98, by the number of the frame.
    sure = sum(0.9 + knot * synthetic.KNOT % 9 / 100 >= 0.95 for knot in range(20))
    expect(tiles(page)).to_have_count(sure)
    expect(page.get_by_role("status").first).to_contain_text(f"{sure} snapshots of 21 looked through")
    page.goto(site.page("?view=explore"))
    local = page.evaluate(
        "(ms) => new Date(ms - new Date(ms).getTimezoneOffset() * 60000).toISOString().slice(0, 16)",
        (STARTED + timedelta(minutes=30)).timestamp() * 1000,
    )
    page.get_by_label("From").fill(local)
    page.get_by_label("From").press("Enter")
    expect(tiles(page)).to_have_count(1)
    page.get_by_label("From").fill("")
    page.get_by_label("Until").fill(local)
    page.get_by_label("Until").press("Enter")
    expect(tiles(page)).to_have_count(20)


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


def test_a_link_opens_a_snapshot_whatever_the_filters_find(site: Site, db: firestore.Client, watched: Watched) -> None:
    put(site, db, range(4))
    put_other(site, db, 3)
    page = explore(watched, site, f"&label=velox&open={OTHER}/{OTHER_SESSION}/0000003000")
    expect(details(page).get_by_role("heading", name="Harbour, north pier")).to_be_visible()
    expect(tiles(page)).to_have_count(4)
    page.goto(site.page(f"?view=explore&open={OTHER}/{OTHER_SESSION}/0000009000"))
    expect(page.locator(".said")).to_contain_text("is not there any more")


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


def test_what_comes_while_one_looks_waits_until_wanted(site: Site, db: firestore.Client, watched: Watched) -> None:
    put(site, db, range(4))
    page = explore(watched, site)
    expect(tiles(page)).to_have_count(4)
    put_other(site, db, 3)
    put_other(site, db, 4)
    new = page.get_by_role("button", name="2 new")
    expect(new).to_be_visible()
    expect(tiles(page).first).to_contain_text("Velox")
    new.click()
    expect(tiles(page)).to_have_count(6)
    expect(tiles(page).first).to_contain_text("Nordal")
    expect(new).to_have_count(0)


def test_a_tag_that_no_longer_holds_finds_nothing(site: Site, db: firestore.Client, watched: Watched) -> None:
    put_other(site, db, 3, seen=[":", ":velox", "logo:", "logo:velox"])
    page = explore(watched, site, "&label=velox")
    expect(page.get_by_role("heading", name="No snapshot matches")).to_be_visible()


def test_a_picture_that_has_expired_is_said_to_have(site: Site, db: firestore.Client, watched: Watched) -> None:
    watched.expected = ("404",)
    put_other(site, db, 3)
    site.media.clear()
    page = explore(watched, site)
    expect(tiles(page)).to_contain_text(["The picture has expired."])


def test_a_database_that_cannot_be_reached_is_said_and_waited_for(
    site: Site, db: firestore.Client, watched: Watched, screenshots: Path, proxy: Proxy
) -> None:
    watched.expected = ("net::ERR_", "Could not reach Cloud Firestore")
    put(site, db, range(4))
    proxy.cut()
    page = explore(watched, site)
    expect(page.locator(".banner")).to_contain_text("The database cannot be reached.", timeout=100_000)
    look(page, screenshots, "explore-offline")
    proxy.mend()
    expect(tiles(page)).to_have_count(4, timeout=100_000)
    expect(page.locator(".banner")).to_have_count(0)
