"""The overlay in Chromium, live: boxes of every presented frame against where the marks of the picture really are.

The sample clip, held by hand, and behind a pillar (tests/eval/following/films.py), each streamed in real time, by a
stack that has followed a box before. BENCH_FILMS (1 to 3) says how many of them. A frame that was read when the next
one was up does not count.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from emulator.declaration.endpoints import Endpoints
from emulator.paths import MEDIA
from emulator.sample import people, streams
from pipeline.cloud import clients
from pipeline.domain.model import Box
from sender import Push
from tests.bench.helpers import stacks
from tests.bench.helpers.sized import sized
from tests.conftest import CHROMIUM
from tests.e2e.helpers.person import signed_in
from tests.eval.following.boxes import overlap
from tests.eval.following.films import Boxes, Film, films, there_in
from tests.wait import until
from tests.web.conftest import built

_FILMS, _FRAMES = sized((3, 740), (1, 50))
_OBSERVE = Path(__file__).parents[1] / "e2e" / "helpers" / "observe.js"
_PATIENCE = sized(60_000, 60_000)  # ms for which a film is watched at most
_SECONDS = 180  # until something is taken not to happen
_EDGE = 2  # frames before and after a mark in which its box may be


@dataclass(frozen=True)
class _Frame:
    """A presented frame: its number in the clip, the boxes of marks on it, and whether results spoke for it."""

    number: int
    boxes: Sequence[tuple[str, Box]]
    known: bool


def rows() -> Iterator[dict[str, object]]:
    """Of each film: mean overlap, share of marks that have their box, boxes without a mark, and when the first came."""
    built()
    truth = json.loads((MEDIA / "sample.truth.json").read_text())
    with (
        tempfile.TemporaryDirectory() as folder,
        stacks.running("bench-overlay") as (_, endpoints),
        sync_playwright() as playwright,
    ):
        people.invite(streams.api(endpoints))
        _warm(endpoints, MEDIA / truth["clip"])
        browser = playwright.chromium.launch(**CHROMIUM)
        for film in films()[: int(os.environ.get("BENCH_FILMS") or _FILMS)]:
            clip = Path(folder) / "film.mp4"
            film.write(MEDIA / truth["clip"], clip, truth)
            yield from _judged(film, truth, _watched(endpoints, browser, clip, truth))
        browser.close()


def _warm(endpoints: Endpoints, clip: Path) -> None:
    """Streams until there are tracks: what looks, and what follows, has been loaded then."""
    key = streams.recreate(endpoints, "warm", "Warm")
    push = Push(str(clip), streams.address(endpoints, "warm"), key, loop=True, websocket=True)
    push.start()
    try:
        until(_is_followed, _SECONDS, "tracks")
    finally:
        push.stop()
        push.join(60)


def _is_followed() -> bool:
    frames = clients.firestore_client().collection_group("frames").select(["tracks.to"])
    return any((frame.to_dict() or {}).get("tracks") for frame in frames.stream())


def _watched(endpoints: Endpoints, browser: Browser, clip: Path, truth: Mapping[str, Any]) -> list[_Frame]:
    """Streams the clip once more and again, and watches so many frames of it."""
    key = streams.recreate(endpoints, "overlay", "Overlay")
    push = Push(str(clip), streams.address(endpoints, "overlay"), key, loop=True, websocket=True)
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    push.start()
    try:
        signed_in(context, endpoints)
        page = context.new_page()
        page.set_default_timeout(3 * _PATIENCE)
        page.goto(streams.page(endpoints, "overlay"))
        asked = {"count": _FRAMES, "wanted": "read", "timecode": truth["timecode"], "timeout": _PATIENCE}
        observe = _OBSERVE.read_text().split("\n", 3)[3]
        return [_frame(one) for one in page.evaluate(observe, asked) if not one["late"] and one["frame"] is not None]
    finally:
        context.close()
        push.stop()
        push.join(60)


def _frame(seen: Mapping[str, Any]) -> _Frame:
    boxes = [
        (one["label"], Box(one["x"], one["y"], one["width"], one["height"]))
        for one in seen["boxes"]
        if one["kind"] == "logo"
    ]
    return _Frame(seen["frame"], boxes, seen["status"] == "covered")


def _judged(film: Film, truth: Mapping[str, Any], frames: Sequence[_Frame]) -> Iterator[dict[str, object]]:
    total, size = round(truth["duration"] * truth["fps"]), (truth["width"], truth["height"])
    there: list[Boxes] = [there_in(truth, number, film.moved(number), size) for number in range(total)]
    overlaps: list[float] = []
    without = ghosts = 0
    for frame in frames:
        for label, box in there[frame.number].items():
            mine = [overlap(box, one) for name, one in frame.boxes if name == label]
            overlaps.append(max(mine, default=0.0))
            without += not mine
        near = range(frame.number - _EDGE, frame.number + _EDGE + 1)
        ghosts += sum(all(label not in there[at % total] for at in near) for label, _ in frame.boxes)
    count = max(1, len(overlaps))
    what, known = f"overlay, {film.name}", sum(one.known for one in frames)
    yield _row(f"{what}: presented frames read", len(frames), _FRAMES, "wanted", "")
    yield _row(f"{what}: … that results spoke for", 100 * known / max(1, len(frames)), 100, "all", "%")
    yield _row(f"{what}: mean overlap of a mark and its box", sum(overlaps) / count, 0.92, "wanted", "")
    yield _row(f"{what}: … 0.5 and more", 100 * sum(one >= 0.5 for one in overlaps) / count, 99, "wanted", "%")
    yield _row(f"{what}: … without a box", 100 * without / count, 1, "limit", "%")
    yield _row(f"{what}: boxes more than {_EDGE} frames from any mark", ghosts, 0, "wanted", "")


def _row(bench: str, ours: float, other: float, name: str, unit: str) -> dict[str, object]:
    return {"bench": bench, "ours": ours, "other": other, "other_name": name, "unit": unit}
