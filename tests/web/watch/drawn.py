"""What the watch page drew, frame by frame, and whether it lies on the picture."""

from __future__ import annotations

import json
from itertools import compress
from pathlib import Path
from typing import Any

from playwright.sync_api import Page
from tests.web.conftest import Watched
from tests.web.data import documents
from tests.web.doubles.site import Site
from tests.web.footage import clip as synthetic

RECORDER = (Path(__file__).parent / "recorder.js").read_text()
TIMECODE = {"x": synthetic.X, "y": synthetic.Y, "cell": synthetic.CELL, "bits": synthetic.BITS}


def open_recorded(watched: Watched, site: Site, query: str = "") -> Page:
    """The watch page, with what it draws recorded. `query`: more of its address."""
    watched.context.add_init_script(RECORDER.replace("TIMECODE", json.dumps(TIMECODE)))
    return watched.open(site.page(f"?stream={documents.STREAM}{query}"))


def open_paused(watched: Watched, site: Site) -> Page:
    """The same, once something was drawn; it stands."""
    page = open_recorded(watched, site)
    record(page, 10)
    page.keyboard.press("k")
    return page


def record(page: Page, frames: int, since: float = 0) -> list[dict[str, Any]]:
    """What was drawn on the next `frames` frames that have a box, at `since` s of the session or later."""
    return page.evaluate(f"window.record({frames}, {since})")


def seek_by(page: Page, key: str) -> None:
    """Presses what seeks and waits for the seek's end: frames from before it are presented until then."""
    ended = page.evaluate_handle(
        "({ seeked: new Promise((done) => window.player().shadowRoot.querySelector('video')"
        ".addEventListener('seeked', () => done(true), { once: true })) })"
    )
    page.keyboard.press(key)
    assert ended.evaluate("(handle) => handle.seeked")


def frame_errors(recorded: list[dict[str, Any]]) -> list[float]:
    """How far each drawn box is off: the nearest instant at which the burnt-in box lies where it was drawn."""
    errors: list[float] = []
    for one in recorded:
        number = one["number"]
        assert number is not None, "the picture carries no number"
        drawn = next(box for box in one["boxes"] if box["label"] == "Velox")
        offsets = sorted((at / 15 for at in range(-45, 46)), key=abs)
        errors.append(abs(min(offsets, key=lambda by: round(_distance(drawn, synthetic.box(max(0, number + by))), 5))))
    return errors


def _distance(drawn: dict[str, float], truth: dict[str, float]) -> float:
    return abs(drawn["x"] - truth["x"]) + abs(drawn["y"] - truth["y"])


def assert_exact(recorded: list[dict[str, Any]]) -> None:
    """No box is off the frame that its callback named.

    A browser under load may present a later frame while the callback of this one runs: what is drawn is then so many
    frames late, until the next callback.
    """
    errors = frame_errors(recorded)
    moved = [round(abs(one["seen"] - one["mediaTime"]) * synthetic.FPS) for one in recorded]
    own = [by == 0 for by in moved]
    clock = [1000 * abs(one["sessionTime"] - one["number"] / synthetic.FPS) for one in recorded]
    print(f"{len(recorded)} frames, {own.count(False)} moved on while read, by {max(moved)} at most; ", end="")
    print(f"box off by {max(errors):.2f} frames, else by {max(compress(errors, own)):.2f};", end=" ")
    print(f"clock by {max(compress(clock, own)):.3f} ms")
    assert own.count(True) >= len(own) / 2
    late = [(error, by) for error, by in zip(errors, moved, strict=True) if error > by]
    assert late == []
    assert max(compress(clock, own)) <= 2


def time_of(page: Page) -> float:
    return page.evaluate("window.player().shadowRoot.querySelector('video').currentTime")
