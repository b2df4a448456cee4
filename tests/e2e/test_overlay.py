"""In Chromium, on the real page of the running stack: every presented frame carries its own boxes."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.helpers.judge import Verdict, judge
from tests.e2e.helpers.person import signed_in
from tests.e2e.helpers.tracked import tracked

from emulator.sample import streams
from emulator.sample.demo.session import Run
from sender import Push

pytestmark = [pytest.mark.stack, pytest.mark.browser]
OBSERVE = (Path(__file__).parent / "helpers" / "observe.js").read_text().split("\n", 3)[3]
SAMPLE = 25  # frames between two sampled ones


@contextmanager
def opened(stack: Any, browser: Any, stream: str) -> Iterator[Any]:
    """The page of a stream; that it complains of nothing is asserted at the end."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    signed_in(context, stack)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(streams.page(stack, stream))
    try:
        page.set_default_timeout(180_000)
        yield page
        assert complaints == []
    finally:
        context.close()


def observe(page: Any, truth: dict[str, Any], count: int, wanted: str) -> Verdict:
    """What the page drew until `count` presented frames were as `wanted`: read in time, or settled too."""
    asked = {"count": count, "wanted": wanted, "timecode": truth["timecode"], "timeout": 120_000}
    return judge(page.evaluate(OBSERVE, asked), truth)


def is_in_time(verdict: Verdict) -> None:
    """Each overlay is of the frame that its picture says it is, with no box of a mark that is not there."""
    off = [error for error in verdict.errors if error > 1.0 + 1e-6]
    # On two busy cores a picture is now and then replaced while it is being read: its reading is late, not the overlay.
    assert len(off) <= 0.02 * len(verdict.errors), f"the overlay's media time is more than a frame off: {off}"
    assert verdict.wrong == []


def is_complete(verdict: Verdict) -> None:
    """The boxes of all marks are on them."""
    is_in_time(verdict)
    # A mark that the detector loses for one sampled frame is its business (test_path), not the overlay's.
    assert len(verdict.missing) <= SAMPLE + 0.1 * sum(map(len, verdict.overlaps.values())), verdict.missing
    assert verdict.overlaps, "no mark was on the picture in the observed stretch"
    for label, overlaps in verdict.overlaps.items():
        assert statistics.median(overlaps) >= 0.75, label


def test_live_each_frame_carries_what_is_known_of_it(
    stack: Any, browser: Any, clip: Path, truth: dict[str, Any]
) -> None:
    """How much is known in time is measured by `make bench`, on a machine that has nothing else to do."""
    key = streams.recreate(stack, "overlay", "Overlay")
    push = Push(str(clip), streams.address(stack, "overlay"), key, loop=True, websocket=True)
    push.start()
    try:
        with opened(stack, browser, "overlay") as page:
            verdict = observe(page, truth, 100, "read")
            assert len(verdict.errors) >= 100
            is_in_time(verdict)
    finally:
        push.stop()
    push.join(60)


def test_afterwards_each_frame_carries_its_boxes_on_the_marks(
    stack: Any, browser: Any, sample_run: Run, truth: dict[str, Any]
) -> None:
    assert tracked(sample_run.stream) > 0
    with opened(stack, browser, sample_run.stream) as page:
        verdict = observe(page, truth, 250, "settled")
        assert verdict.settled >= 250
        is_complete(verdict)
        page.keyboard.press("ArrowLeft")
        verdict = observe(page, truth, 60, "settled")
        assert verdict.settled >= 60
        is_complete(verdict)
