"""In Chromium, on the real page of the running stack: every presented frame carries its own boxes."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.helpers.judge import judge
from tests.e2e.helpers.person import signed_in

from emulator.sample import streams
from sender import Push

pytestmark = [pytest.mark.stack, pytest.mark.browser]
OBSERVE = (Path(__file__).parent / "helpers" / "observe.js").read_text().split("\n", 3)[3]
SAMPLE = 25  # frames between two sampled ones
COVERED = """() => new Promise((go) => document.addEventListener('overlay-drawn', (event) => {
    const { moment, sessionTime } = event.detail
    if (sessionTime > 9 && moment.status === 'covered' && moment.settled) go(true)
}))"""
"""The first tracks of a stack come after their pictures have been shown: `track` has just started."""


@pytest.fixture(scope="module")
def page(stack: Any, browser: Any, clip: Path) -> Iterator[Any]:
    """The page of a live stream into which the sample clip is looped."""
    key = streams.recreate(stack, "overlay", "Overlay")
    push = Push(str(clip), streams.address(stack, "overlay"), key, loop=True)
    push.start()
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    signed_in(context, stack)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(streams.page(stack, "overlay"))
    try:
        page.set_default_timeout(90_000)
        page.evaluate(COVERED)  # not wait_for_function: the page's security policy forbids its eval
        yield page
        assert push.error is None
        assert complaints == []
    finally:
        push.stop()
        context.close()


def observe(page: Any, truth: dict[str, Any], count: int) -> Any:
    seen = page.evaluate(OBSERVE, {"count": count, "timecode": truth["timecode"], "timeout": 120_000})
    return judge(seen, truth)


def check(verdict: Any) -> None:
    off = [error for error in verdict.errors if error > 1.0 + 1e-6]
    # On two busy cores a picture is now and then replaced while it is being read: its reading is late, not the overlay.
    assert len(off) <= 0.02 * len(verdict.errors), f"the overlay's media time is more than a frame off: {off}"
    assert verdict.settled >= 100, "too few frames whose results, and the next ones, were there in time"
    assert verdict.wrong == []
    # A mark that the detector loses for one sampled frame is its business (test_path), not the overlay's.
    assert len(verdict.missing) <= SAMPLE + 0.1 * sum(map(len, verdict.overlaps.values())), verdict.missing
    for label, overlaps in verdict.overlaps.items():
        assert statistics.median(overlaps) >= 0.75, label


def test_live_every_frame_carries_its_own_boxes(page: Any, truth: dict[str, Any]) -> None:
    verdict = observe(page, truth, 250)
    check(verdict)
    assert verdict.overlaps, "no mark was on the picture in the observed stretch"


def test_after_a_seek_too(page: Any, truth: dict[str, Any]) -> None:
    page.keyboard.press("ArrowLeft")
    check(observe(page, truth, 120))
