"""The page of brands: what it shows to a viewer and to an operator, and what it says while it cannot."""

from __future__ import annotations

from pathlib import Path

from google.cloud import firestore
from playwright.sync_api import expect
from tests.web.conftest import Watched
from tests.web.data import operating
from tests.web.data.branded import open_page, some
from tests.web.data.operating import looked_at
from tests.web.doubles.operator_double import OperatorDouble
from tests.web.doubles.people import known, member
from tests.web.doubles.site import Site
from tests.web.views import look


def test_without_brands_it_says_what_one_is_for(
    site: Site, api: OperatorDouble, watched: Watched, screenshots: Path
) -> None:
    page = open_page(watched, site)
    expect(page.get_by_role("heading", name="There are no brands yet")).to_be_visible()
    look(page, screenshots, "brands-none")
    page.get_by_role("link", name="Add the first brand").click()
    expect(page.get_by_label("Name")).to_be_visible()


def test_a_viewer_sees_the_brands_and_what_they_look_like(
    site: Site, db: firestore.Client, api: OperatorDouble, watched: Watched, screenshots: Path
) -> None:
    api.people.signed_in = known(db, member("viewer"))
    some(db, site)
    page = open_page(watched, site)
    names = page.get_by_role("navigation", name="Brands").get_by_role("link")
    expect(names).to_have_count(4)
    expect(names.first).to_contain_text("Nordlys")
    expect(names.last).to_contain_text("off")
    look(page, screenshots, "brands")
    page.get_by_label("Search brands").fill("gmbh")
    expect(names).to_have_count(1)
    assert "q=gmbh" in page.url
    names.first.click()
    assert "brand=velox" in page.url
    expect(page.get_by_role("img", name="Mark 2 of Velox")).to_be_visible()
    expect(page.locator("ma-brand")).to_contain_text("60 %, its own")
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    expect(page.get_by_role("link", name="Add a brand")).to_have_count(0)
    look(page, screenshots, "brands-viewer")
    page.get_by_label("Search brands").fill("nothing such")
    expect(page.get_by_text("No brand goes by “nothing such”.")).to_be_visible()


def test_another_role_is_taken_at_once(
    site: Site, db: firestore.Client, api: OperatorDouble, watched: Watched, screenshots: Path
) -> None:
    viewer = known(db, member("viewer"))
    api.people.signed_in = viewer
    some(db, site)
    page = open_page(watched, site, "&brand=velox&add=1")
    expect(page.get_by_text("To add a brand, you would have to be an operator")).to_be_visible()
    look(page, screenshots, "brands-role-missing")
    api.people.signed_in = known(db, {**viewer, "role": "operator"})
    expect(page.get_by_role("link", name="Add a brand")).to_be_visible()
    expect(page.get_by_label("Name")).to_be_visible()


def test_a_brand_that_is_gone_is_said_to_be(
    site: Site, db: firestore.Client, api: OperatorDouble, watched: Watched
) -> None:
    some(db, site)
    page = open_page(watched, site, "&brand=gone")
    expect(page.get_by_role("alert")).to_contain_text("There is no brand “gone”")


def test_the_threshold_is_seen_on_the_newest_frame(
    site: Site, db: firestore.Client, operator: OperatorDouble, watched: Watched, screenshots: Path
) -> None:
    some(db, site)
    looked_at(db, site, 6, scores=(0.93, 0.64))
    page = open_page(watched, site, "&brand=velox")
    preview = page.locator("ma-threshold-preview")
    expect(preview.locator(".found")).to_contain_text("2 kept")
    page.get_by_label("Threshold", exact=True).fill("0.8")
    expect(preview.locator(".found")).to_contain_text("1 kept, 1 below 80 %")
    expect(preview.locator("figure i.below b")).to_have_text("64 %")
    operator.preview = {"provider": "vision", "threshold": 0.5, "detections": operating.seen(0.93, 0.64, 0.21)}
    preview.get_by_role("button", name="Look below the threshold").click()
    expect(preview.locator(".found")).to_contain_text("1 kept, 2 below 80 % (93 %, 64 %, 21 %)")
    session = f"/streams/{operating.STREAM}/sessions/{operating.SESSION}"
    assert operator.asked == [("POST", f"{session}/preview", {"media_ms": 10_200})]
    look(page, screenshots, "brands-threshold")
    preview.get_by_role("button", name="Follow the stream again").click()
    operating.frame(db, site, 12_200, "change", (0.3,))
    expect(preview.locator(".found")).to_contain_text("On the frame at 0:12.20: 0 kept, 1 below 80 %")


def test_nobody_to_look_is_said(site: Site, db: firestore.Client, operator: OperatorDouble, watched: Watched) -> None:
    watched.expected = ("503",)
    some(db, site)
    looked_at(db, site, 2)
    path = f"/streams/{operating.STREAM}/sessions/{operating.SESSION}/preview"
    operator.refusals["POST", path] = (503, "no address of clip is set")
    page = open_page(watched, site, "&brand=velox")
    page.get_by_role("button", name="Look below the threshold").click()
    expect(page.get_by_role("alert")).to_have_text("The preview failed: no address of clip is set")


def test_it_says_when_a_running_stream_has_taken_a_change_up(
    site: Site, db: firestore.Client, operator: OperatorDouble, watched: Watched
) -> None:
    some(db, site)
    looked_at(db, site, 4, revision="before")
    page = open_page(watched, site, "&brand=zenith")
    expect(page.locator("ma-threshold-preview figure")).to_be_visible()
    page.get_by_role("switch", name="Look for it").click()
    said = page.locator("ma-change-status")
    expect(said).to_contain_text("will use it from one of the next segments")
    operating.segment(db, 4, revision="before")
    operating.segment(db, 5, revision="after")
    expect(said).to_contain_text("in force: Velodrome, camera 2 uses it (from 0:10 of the session)")


def test_the_keyboard_suffices(site: Site, db: firestore.Client, operator: OperatorDouble, watched: Watched) -> None:
    some(db, site)
    page = open_page(watched, site)
    page.get_by_role("link", name="Velox").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Also called").focus()
    page.keyboard.type("Vlx,")
    expect(page.get_by_role("button", name="Remove Vlx")).to_be_visible()
    slider = page.get_by_label("Threshold", exact=True)
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("ma-brand-form output")).to_have_text("61 %")


def test_offline_it_shows_what_it_knew_and_takes_up_again(
    site: Site, db: firestore.Client, operator: OperatorDouble, watched: Watched, screenshots: Path
) -> None:
    watched.expected = ("net::ERR_", "WebChannelConnection")
    some(db, site)
    page = open_page(watched, site, "&brand=velox")
    expect(page.get_by_role("img", name="Mark 2 of Velox")).to_be_visible()
    watched.context.set_offline(True)
    expect(page.locator(".banner")).to_contain_text("This device is offline.")
    look(page, screenshots, "brands-offline")
    page.get_by_label("Name").fill("Velox II")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Not saved: ")
    watched.context.set_offline(False)
    expect(page.locator(".banner")).to_have_count(0, timeout=100_000)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Velox II")).to_be_visible()
