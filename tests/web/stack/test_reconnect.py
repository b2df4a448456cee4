"""A publisher that is killed and comes back: the page says so, plays through, and its clock holds for every run."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.helpers.person import signed_in
from tests.e2e.helpers.plain import plain
from tests.web.conftest import Watched
from tests.web.wait import until
from tests.web.watch.drawn import RECORDER

from emulator.sample import streams

pytestmark = pytest.mark.stack
STREAM = "comes-back"
RUNS = 3


@contextmanager
def publisher(stack: Any, clip: Path, key: str) -> Generator[None]:
    """ffmpeg, sending the clip in real time from its first frame on; killed in the end, in the middle of a request."""
    command = ["ffmpeg", "-loglevel", "error", "-nostdin", "-re", "-i", str(clip), "-c", "copy", "-f", "mpegts"]
    target = ["-method", "POST", "-headers", f"Authorization: Bearer {key}\r\n", streams.address(stack, STREAM)]
    process = subprocess.Popen([*command, *target])
    try:
        yield
        assert process.poll() is None, "ffmpeg ended by itself"
    finally:
        process.kill()
        process.wait(60)


def session(page: Page) -> str:
    return page.evaluate("window.player().session")


def test_a_publisher_that_is_killed_and_comes_back_is_played_through(
    stack: Any, watched: Watched, clip: Path, truth: dict[str, Any]
) -> None:
    watched.expected = ("404",)  # a session is announced a little before its playlist is there
    key = plain(stack, STREAM, "Comes back")
    watched.context.add_init_script(RECORDER.replace("TIMECODE", json.dumps(truth["timecode"])))
    signed_in(watched.context, stack)
    page = watched.open(streams.page(stack, STREAM))
    page.evaluate("window.presented()")
    seen: list[dict[str, Any]] = []
    sessions: set[str] = set()
    for run in range(RUNS):
        with publisher(stack, clip, key):
            at = len(runs(seen, truth["fps"]))
            assert at == run
            until(page, lambda at=at: len(runs(collect(page, seen), truth["fps"])) > at, f"a picture of run {run}")
            sessions.add(session(page))
        expect(page.locator("ma-state-chip")).to_contain_text("reconnecting", timeout=30_000)
        expect(page.locator(".banner")).to_contain_text("The stream goes on if it returns within")
    found = runs(seen, truth["fps"])
    assert len(sessions) == 1, "it is one session"
    assert len(found) == RUNS
    # 30 s to come back in, a margin, and up to a minute until `housekeep` is due.
    expect(page.locator("ma-state-chip")).to_contain_text("ended", timeout=150_000)


def collect(page: Page, seen: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Adds what was presented since the last call, and returns all of it."""
    seen += page.evaluate("window.presentedSince()")
    return seen


def runs(seen: list[dict[str, Any]], fps: float) -> list[float]:
    """When each run began, in s of the session: what the clock says less what the picture says, both of each frame.

    Pictures that disagree by more than a frame count as another run, so as many runs as there were is all being right.
    """
    found: list[float] = []
    for one in seen:
        began = one["sessionTime"] - one["number"] / fps
        if not any(abs(began - other) <= 1.5 / fps for other in found):
            found.append(began)
    return found
