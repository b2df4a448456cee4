"""Explore: snapshots of all streams by what is on them. Every filter is one query, and lies in the address."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from google.cloud import firestore
from playwright.sync_api import expect
from tests.web.conftest import Watched
from tests.web.data.exploring import OTHER, OTHER_SESSION, details, explore, put, put_other, tiles
from tests.web.doubles.proxy import Proxy
from tests.web.doubles.site import Site
from tests.web.footage import clip as synthetic
from tests.web.footage.clip import STARTED
from tests.web.views import look


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


def test_a_link_opens_a_snapshot_whatever_the_filters_find(site: Site, db: firestore.Client, watched: Watched) -> None:
    put(site, db, range(4))
    put_other(site, db, 3)
    page = explore(watched, site, f"&label=velox&open={OTHER}/{OTHER_SESSION}/0000003000")
    expect(details(page).get_by_role("heading", name="Harbour, north pier")).to_be_visible()
    expect(tiles(page)).to_have_count(4)
    page.goto(site.page(f"?view=explore&open={OTHER}/{OTHER_SESSION}/0000009000"))
    expect(page.locator(".said")).to_contain_text("no longer exists")


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
