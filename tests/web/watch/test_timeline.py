"""The timeline: a lane per label over the whole session, pointed at, walked with keys, zoomed, and gone to."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from google.cloud import firestore
from playwright.sync_api import Locator, Page, expect
from tests.web.conftest import Watched
from tests.web.data import documents, hours
from tests.web.doubles.site import Site
from tests.web.footage import clip as synthetic
from tests.web.footage.clip import Clip
from tests.web.footage.publish import publish, recorded
from tests.web.views import look
from tests.web.wait import until
from tests.web.watch.drawn import open_paused, open_recorded

ROW = 26
HOURS = 3 * 3600
DRAWN_AT = """
(from) => new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error('the picture did not get there')), 20000)
  document.addEventListener('overlay-drawn', function drawn({ detail: { sessionTime } }) {
    if (Math.abs(sessionTime - from) > 0.5) return
    document.removeEventListener('overlay-drawn', drawn)
    resolve(sessionTime)
  })
})
"""
# Whether the canvas has paint of a lane's colour (far from grey) at a place, in CSS pixels.
COLOURED = """
(stage, [x, y]) => {
  const canvas = stage.querySelector('canvas')
  const ratio = canvas.width / canvas.clientWidth
  const [r, g, b, a] = canvas.getContext('2d').getImageData(Math.round(x * ratio), Math.round(y * ratio), 1, 1).data
  return a > 0 && Math.max(r, g, b) - Math.min(r, g, b) > 50
}
"""
SHARP = "(canvas, density) => Math.abs(canvas.width - density * canvas.clientWidth) <= 1"


def timeline(page: Page) -> Locator:
    return page.locator("ma-session-timeline")


def stage(page: Page) -> Locator:
    return timeline(page).get_by_role("listbox", name="Appearances")


def x_of(page: Page, share: float) -> float:
    box = stage(page).bounding_box()
    assert box
    return share * box["width"]


def paused(watched: Watched, site: Site) -> Page:
    """A recording that has been opened, and stands."""
    page = open_paused(watched, site)
    expect(timeline(page).locator(".names li")).to_have_count(2)
    return page


def test_each_label_has_a_lane_with_its_appearances(
    site: Site, db: firestore.Client, watched: Watched, screenshots: Path, stream_clip: Clip
) -> None:
    recorded(site, db, stream_clip, range(12))
    page = paused(watched, site)
    expect(timeline(page).locator("h2")).to_contain_text("2 labels, 7 appearances")
    expect(timeline(page).locator(".names li")).to_have_text(["Velox", "“FINAL LAP”"])
    expect(timeline(page).locator(".totals li")).to_have_text(["0:24", "0:12"])
    # The text is there for two seconds of every four; a logo is there throughout. 1 s and 3 s of 24.
    for second, text in ((1, True), (3, False), (5, True)):
        place = x_of(page, second / 24)
        assert stage(page).evaluate(COLOURED, [place, ROW / 2])
        assert stage(page).evaluate(COLOURED, [place, ROW * 1.5]) == text
    look(page, screenshots, "timeline")


def test_canvases_are_as_sharp_as_the_screen_that_the_window_is_moved_to(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    recorded(site, db, stream_clip, range(12))
    page = paused(watched, site)
    for density, height in ((2, 901), (1.5, 900)):  # Chromium looks again at what it emulates where a size changes
        screen = {"width": 1440, "height": height, "mobile": False, "deviceScaleFactor": density}
        watched.context.new_cdp_session(page).send("Emulation.setDeviceMetricsOverride", screen)
        for canvas in (stage(page).locator("canvas"), page.locator("ma-player canvas")):
            until(page, lambda canvas=canvas, density=density: canvas.evaluate(SHARP, density), "a sharp canvas")


def test_pointing_shows_the_picture_of_the_moment_and_a_click_goes_there(
    site: Site, db: firestore.Client, watched: Watched, screenshots: Path, stream_clip: Clip
) -> None:
    recorded(site, db, stream_clip, range(12))
    page = paused(watched, site)
    stage(page).hover(position={"x": x_of(page, 13 / 24), "y": ROW * 1.5})
    tip = timeline(page).locator("ma-timeline-tip")
    expect(tip).to_contain_text("“FINAL LAP”")
    expect(tip).to_contain_text("81 %")
    expect(tip).to_contain_text("0:12.00 – 0:14.00 · 2.0 s")
    expect(tip.locator("img")).to_have_attribute("src", re.compile(r"/00000(12500|13000)\.jpg$"))
    tip.locator("img").evaluate("(image) => image.decode()")
    page.screenshot(path=screenshots / "timeline-tip.png")
    drawn = page.evaluate_handle(f"({{ at: ({DRAWN_AT})(13) }})")
    stage(page).click(position={"x": x_of(page, 13 / 24), "y": ROW * 1.5})
    assert drawn.evaluate("(handle) => handle.at") == pytest.approx(13, abs=0.2)
    expect(timeline(page).locator(".playhead")).to_be_visible()


def test_it_is_driven_by_keys_alone(
    site: Site, db: firestore.Client, watched: Watched, screenshots: Path, stream_clip: Clip
) -> None:
    recorded(site, db, stream_clip, range(12))
    page = paused(watched, site)
    timeline(page).get_by_role("button", name="Zoom in").focus()
    page.keyboard.press("Tab")
    option = stage(page).get_by_role("option")
    expect(option).to_contain_text("Velox, logo, 0:00.00 – 0:24.00")
    page.keyboard.press("ArrowDown")
    expect(option).to_contain_text("“FINAL LAP”, text, 0:00.00 – 0:02.00")
    page.keyboard.press("ArrowRight")
    expect(option).to_contain_text("0:04.00 – 0:06.00")
    expect(option).to_have_attribute("aria-posinset", "2")
    assert stage(page).get_attribute("aria-activedescendant") == option.get_attribute("id")
    page.keyboard.press("End")
    expect(option).to_contain_text("0:20.00 – 0:22.00")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    drawn = page.evaluate_handle(f"({{ at: ({DRAWN_AT})(8) }})")
    page.keyboard.press("Enter")
    assert drawn.evaluate("(handle) => handle.at") == pytest.approx(8, abs=0.2)
    whole = timeline(page).get_by_role("button", name="Whole session")
    expect(whole).to_be_disabled()
    page.keyboard.press("+")
    expect(whole).to_be_enabled()
    look(page, screenshots, "timeline-keys")
    page.keyboard.press("0")
    expect(whole).to_be_disabled()
    page.keyboard.press("Escape")
    expect(option).to_have_count(0)
    expect(timeline(page).locator("ma-timeline-tip")).to_have_count(0)


def test_drag_and_wheel_move_and_zoom_what_is_under_the_pointer(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    recorded(site, db, stream_clip, range(12))
    page = paused(watched, site)
    stage(page).scroll_into_view_if_needed()
    width = x_of(page, 1)
    box = stage(page).bounding_box()
    assert box
    page.mouse.move(box["x"] + width / 2, box["y"] + ROW * 1.5)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -72)  # twice as near: a wheel with Ctrl counts double
    page.keyboard.up("Control")
    tip = timeline(page).locator("ma-timeline-tip")
    page.mouse.move(box["x"] + width / 2 + 1, box["y"] + ROW * 1.5)
    expect(tip).to_contain_text("0:12.00 – 0:14.00")  # 12 s are in the middle as before
    page.mouse.move(box["x"] + width * 5 / 6, box["y"] + ROW * 1.5)
    expect(tip).to_contain_text("0:16.00 – 0:18.00")
    page.mouse.down()
    page.mouse.move(box["x"] + width / 2, box["y"] + ROW * 1.5, steps=4)
    page.mouse.up()
    page.mouse.move(box["x"] + width / 2 + 1, box["y"] + ROW * 1.5)
    expect(tip).to_contain_text("0:16.00 – 0:18.00")  # it came along


def test_the_wheel_alone_scrolls_the_page_until_the_timeline_is_used(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    recorded(site, db, stream_clip, range(12))
    page = paused(watched, site)
    stage(page).scroll_into_view_if_needed()
    stage(page).hover(position={"x": 200, "y": ROW / 2})
    whole = timeline(page).get_by_role("button", name="Whole session")
    page.mouse.wheel(0, -100)
    expect(whole).to_be_disabled()
    stage(page).click(position={"x": 200, "y": ROW / 2})
    page.mouse.wheel(0, -100)
    expect(whole).to_be_enabled()


def test_while_live_it_grows_and_says_what_can_be_watched(
    site: Site, db: firestore.Client, watched: Watched, screenshots: Path, tmp_path: Path
) -> None:
    stream_clip = synthetic.make(tmp_path, 24, b_frames=0, audio_lead=0.0)
    publish(site, stream_clip, stream_clip.playlist(4, 6, end=False).encode(), "index.m3u8")
    documents.session(db, segments=10)
    documents.segments(db, stream_clip, range(10))
    documents.frames(db, stream_clip, range(10))
    documents.stream(db)
    page = open_paused(watched, site)
    stage(page).click(position={"x": 2, "y": ROW / 2})
    expect(timeline(page).get_by_role("status")).to_contain_text(
        "While the stream is live, 0:08 to 0:20 can be watched; all of it once it has ended."
    )
    documents.frames(db, stream_clip, range(10, 12))
    documents.segments(db, stream_clip, range(10, 12))
    expect(timeline(page).locator(".totals li").first).to_have_text("0:24")
    look(page, screenshots, "timeline-live")


def test_nothing_found_yet_says_what_will_be_here(
    site: Site, db: firestore.Client, watched: Watched, screenshots: Path, stream_clip: Clip
) -> None:
    recorded(site, db, stream_clip, range(0))
    page = watched.open(site.page(f"?stream={documents.STREAM}"))
    expect(timeline(page)).to_contain_text("Nothing has been found in this session yet.")
    look(page, screenshots, "timeline-empty")


def test_hours_are_read_in_bounded_parts_and_shown_whole(
    site: Site, db: firestore.Client, watched: Watched, screenshots: Path
) -> None:
    watched.expected = ("404",)
    hours.session(db, HOURS, 12)
    count = hours.appearances(HOURS, 12)
    page = watched.open(site.page(f"?stream={documents.STREAM}"))
    expect(timeline(page).locator("h2")).to_contain_text(f"12 labels, {count:,} appearances", timeout=30_000)
    expect(timeline(page).locator(".names li")).to_have_count(8)
    timeline(page).get_by_role("button", name="All 12 labels").click()
    expect(timeline(page).locator(".names li")).to_have_count(12)
    stage(page).press("Home")
    stage(page).press("End")
    expect(stage(page).get_by_role("option")).to_contain_text("– 2:59:59.00")
    stage(page).press("0")
    expect(page.locator("ma-crop img").first).to_be_hidden()  # its snapshot is no longer kept: no torn picture
    look(page, screenshots, "timeline-hours")


def test_a_new_result_gets_its_place_while_one_watches(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    recorded(site, db, stream_clip, range(6))
    page = paused(watched, site)
    expect(timeline(page).locator(".totals li").first).to_have_text("0:12")
    documents.frames(db, stream_clip, range(6, 12))
    documents.segments(db, stream_clip, range(6, 12))
    expect(timeline(page).locator(".totals li").first).to_have_text("0:24")


def test_another_label_has_its_own_lane_in_the_order_of_kinds(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    recorded(site, db, stream_clip, range(12))
    found: dict[str, Any] = documents.frame(30, 0, synthetic.STARTED)
    found["analyses"]["object"] = documents.analysis(
        [documents.detection("bicycle", "object", 0.7, 0.1, 0.1)], synthetic.STARTED
    )
    db.document(f"streams/{documents.STREAM}/sessions/{documents.SESSION}/frames/0000001000").set(found)
    page = open_recorded(watched, site)
    expect(timeline(page).locator(".names li")).to_have_text(["Velox", "bicycle", "“FINAL LAP”"])
    timeline(page).get_by_role("button", name="text", exact=True).click()
    expect(timeline(page).locator(".names li")).to_have_text(["“FINAL LAP”"])
    timeline(page).get_by_role("button", name="All", exact=True).click()
    expect(timeline(page).locator(".names li")).to_have_count(3)
