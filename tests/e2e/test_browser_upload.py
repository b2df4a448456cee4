"""A file, uploaded from the page, imported, and seen in Chromium with what was found on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.e2e.helpers.follow import analysed
from tests.e2e.helpers.person import signed_in
from tests.e2e.helpers.plain import seen_enough
from tests.e2e.helpers.shown import WITH_RESULTS

from emulator.sample import streams

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def test_a_file_is_uploaded_imported_and_seen_with_what_is_on_it(stack: Any, browser: Any, opening: Path) -> None:
    streams.recreate(stack, "uploaded", "Uploaded")
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    signed_in(context, stack)
    page = context.new_page()
    page.goto(f"{streams.page(stack, 'uploaded')}&upload")
    page.get_by_label("Video file").set_input_files(opening)
    page.get_by_role("button", name="Upload").click()
    expect(page.locator("ma-import-panel")).to_contain_text("Imported: 0:08 of video", timeout=120_000)
    analysed("uploaded")  # live streams come before imports: the film may have ended before its results are there
    page.get_by_role("link", name="Watch it").click()
    expect(page.locator("ma-state-chip")).to_contain_text("ended", timeout=30_000)
    assert page.evaluate(WITH_RESULTS)
    context.close()
    seen_enough(stack, "uploaded")
