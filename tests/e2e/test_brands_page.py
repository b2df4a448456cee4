"""A brand whose picture is dropped onto the page is found in the stream that is running. Nothing is restarted."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.helpers.person import signed_in
from tests.e2e.helpers.still import MARKS, Watched
from tests.web.data.operating import drop

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def test_a_picture_dropped_onto_the_page_is_found_in_the_running_stream(stack: Any, browser: Any, still: Path) -> None:
    watched = Watched(stack, "still-dropped", still, {"kinds": ["logo"], "providers": {"logo": ["gallery"]}})
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    signed_in(context, stack, "operator")
    page: Page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    try:
        watched.seconds_until(lambda one: one["provider"] == "gallery" and not one["error"] and not one["detections"])
        page.goto(f"{stack.web}?view=brands&add=1")
        page.get_by_label("Name").fill("Dropped")
        drop(page.locator("label.drop"), (MARKS / "starbucks" / "black.png").read_bytes())
        expect(page.get_by_role("list", name="Pictures to add").locator("img")).to_have_count(1)
        started = time.monotonic()
        page.get_by_role("button", name="Add the brand").click()
        expect(page.locator("ma-change-status")).to_contain_text("in force: still-dropped", timeout=60_000)
        watched.seconds_until(lambda one: any(seen["label"] == "Dropped" for seen in one["detections"]))
        print(f"a brand was found {time.monotonic() - started:.1f} s after its picture was dropped and sent")
        expect(page.locator("ma-threshold-preview figure i.kept")).to_be_visible(timeout=60_000)
        page.get_by_role("button", name="Look below the threshold").click()
        expect(page.locator("ma-threshold-preview")).to_contain_text("Nothing was stored", timeout=60_000)
        page.get_by_role("button", name="Delete…").click()
        page.get_by_role("button", name="Delete it").click()
        expect(page.get_by_role("link", name="Dropped")).to_have_count(0)
        assert problems == []
    finally:
        watched.close()
        context.close()
