"""A camera in Chromium, sent from the page, seen in Chromium with what was found on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.conftest import CHROMIUM
from tests.e2e.helpers import camera
from tests.e2e.helpers.person import signed_in
from tests.e2e.helpers.shown import WITH_RESULTS

from emulator.sample import streams

pytestmark = [pytest.mark.stack, pytest.mark.browser]


@pytest.fixture(scope="module")
def filmed(browser: Any, clip: Path, truth: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A browser whose camera shows the stretch of the clip on which a mark is."""
    first = truth["appearances"][0]
    film = camera.film(clip, tmp_path_factory.mktemp("film") / "camera.mjpeg", first["from"], 8)
    running = camera.launch(browser, CHROMIUM, film)
    yield running
    running.close()


def publish_page(context: Any, stack: Any, stream: str, key: str = "") -> Page:
    page = context.new_page()
    page.goto(f"{streams.page(stack, stream)}&publish")
    if key:
        page.get_by_label("Stream key").fill(key)
    page.get_by_role("button", name="Use the camera").click()
    expect(page.get_by_label("Camera")).to_be_enabled()
    return page


def test_a_camera_goes_live_is_seen_with_what_is_on_it_and_ends(stack: Any, filmed: Any) -> None:
    streams.recreate(stack, "webcam", "Webcam")
    context = filmed.new_context(viewport={"width": 1280, "height": 800})
    signed_in(context, stack)
    page = publish_page(context, stack, "webcam")
    page.get_by_label("Quality").select_option("480")
    page.get_by_role("button", name="Go live").click()
    panel = page.locator("ma-broadcast-panel")
    expect(panel.get_by_role("heading")).to_have_text("Live", timeout=20_000)
    expect(panel).to_contain_text("Stored2 segments", timeout=60_000)

    watcher = context.new_page()
    watcher.goto(streams.page(stack, "webcam"))
    expect(watcher.locator("ma-state-chip")).to_contain_text("live", timeout=30_000)
    assert watcher.evaluate(WITH_RESULTS)
    expect(watcher.locator("ma-session-panel")).to_contain_text("webcam")

    page.get_by_role("button", name="End the stream").click()
    expect(panel.get_by_role("heading")).to_have_text("Ended", timeout=40_000)
    expect(watcher.locator("ma-state-chip")).to_contain_text("ended", timeout=40_000)
    context.close()


def test_a_wrong_key_is_said_and_nothing_is_live(stack: Any, filmed: Any) -> None:
    streams.recreate(stack, "webcam-locked", "Locked")
    context = filmed.new_context()
    page = publish_page(context, stack, "webcam-locked", "sk_wrong")
    page.get_by_role("button", name="Go live").click()
    expect(page.get_by_role("alert")).to_contain_text("The stream key is wrong", timeout=30_000)
    expect(page.get_by_role("button", name="Go live")).to_be_enabled()
    context.close()
