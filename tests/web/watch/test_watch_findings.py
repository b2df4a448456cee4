"""Watch: what was found is filtered and kept, and said to be missing where a provider does not answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from google.cloud import firestore
from playwright.sync_api import Page, expect
from tests.web.conftest import Watched
from tests.web.data import documents
from tests.web.doubles.site import Site
from tests.web.footage import clip as synthetic
from tests.web.footage import spliced
from tests.web.footage.clip import Clip
from tests.web.footage.publish import live, recorded
from tests.web.footage.spliced import splice
from tests.web.views import look
from tests.web.watch.drawn import open_paused, open_recorded, record, time_of


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
    expect(below).to_contain_text("is hidden by the filters above")
    page.keyboard.press("Escape")
    expect(page.get_by_role("checkbox", name="Velox")).to_have_count(0)
    page.get_by_role("button", name="Show all").click()
    expect(below).to_contain_text("FINAL LAP")
    expect(page).to_have_url(site.page(f"?stream={documents.STREAM}"))


def test_the_least_confidence_is_set_by_the_keyboard_and_does_not_move_the_picture(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip
) -> None:
    recorded(site, db, stream_clip, range(12))
    page = open_paused(watched, site)
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
    for count in range(1, 4):  # each leaves a gap of frames, so that it is found again
        for at in range(count * 20, count * 20 + 10):
            fields: dict[str, Any] = documents.frame(at % 600, 40, synthetic.STARTED) | {"media_time": 72 + at / 2}
            logo = documents.detection("Nordal", "logo", 0.9, 0.5, 0.5)
            fields["analyses"]["logo"]["detections"] = [logo] if at % 20 == 0 else []
            session.collection("frames").document(f"{72000 + at * 500:010d}").set(fields)
        expect(found).to_have_count(count)
    expect(first).to_have_count(1)


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
    failure = {"code": "quota-exceeded", "message": "Cloud Vision's quota is used up for now"}
    analysed(db, stream_clip, ("text",), error=failure, detections=[])
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
    page = open_paused(watched, site)
    expect(page.locator(".banner")).to_contain_text("Cloud Vision looks for logos instead")
    expect(page.locator("ma-frame-panel")).to_contain_text("provider degraded: instead of CLIP")
    expect(page.locator("ma-frame-panel")).to_contain_text("builtin/stable · 120 ms")
    look(page, screenshots, "degraded")
