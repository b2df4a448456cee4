"""Appearances of a label on the screen, followed from frame to frame. Listed page by page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..domain.errors import BadRequest
from .model import SURE, UNIT, Observation, Rect, Sight
from .tracking import Step

POINTS = 64
"""The most points of one track."""
APPEARANCE_ID = r"([0-9]{10})-([0-9]{3,6})"
"""The pattern of an appearance's id: the time (ms) of its beginning, and its number among those of that time."""

_ID = re.compile(APPEARANCE_ID)


@dataclass(slots=True)
class Track:
    """The path of an appearance: the first box in each cell of 2^level ms; the level rises until POINTS are enough."""

    level: int = 0
    points: list[tuple[int, Rect]] = field(default_factory=list[tuple[int, Rect]])

    def add(self, at: int, rect: Rect) -> None:
        """Adds the next place."""
        if self.points and self.points[-1][0] >> self.level == at >> self.level:
            return
        self.points.append((at, rect))
        while len(self.points) > POINTS:
            self.level += 1
            first = {time >> self.level: (time, place) for time, place in reversed(self.points)}
            self.points = sorted(first.values())


@dataclass(slots=True)
class Appearance:
    """From `start` to before `end`, in ms. `shown` is how long it was known to be there: a stretch without analysis in
    its midst does not count. `area` in UNIT²·ms, `largest` in UNIT², `sure` (the highest) in SUREths."""

    id: str
    label: str
    start: int
    end: int
    shown: int = 0
    looks: int = 0
    area: int = 0
    largest: int = 0
    sure: int = 0
    track: Track = field(default_factory=Track)

    def add(self, seen: Observation, sight: Sight) -> None:
        """Adds one more observation."""
        time = seen.until - seen.at
        self.end = max(self.end, seen.until)
        self.shown += time
        self.looks += seen.looked
        self.sure = max(self.sure, sight.confidence)
        if sight.rect:
            self.area += sight.rect.area * time
            self.largest = max(self.largest, sight.rect.area)
            self.track.add(seen.at, sight.rect)


@dataclass(frozen=True, slots=True)
class Page:
    """Appearances in order of their beginning; `more`: there are others after the last."""

    appearances: list[Appearance]
    more: bool


def page(steps: Iterable[Step], limit: int, after: str | None = None) -> Page:
    """Up to `limit` appearances that begin after the one with the id `after`, each followed to its end.

    `steps` begin at the one where `after` begins, or earlier. Raises BadRequest for an invalid `after`.
    """
    last = parsed(after) if after is not None else (-1, -1)
    found: list[Appearance] = []
    current: list[Appearance | None] = []
    more = False
    for step in steps:
        seen, following = step.observation, list[Appearance | None]()
        for index, sight in enumerate(seen.sights):
            origin = step.before[index]
            known = current[origin] if origin is not None and origin < len(current) else None
            if origin is None and (seen.at, index) > last:
                if len(found) < limit:
                    known = Appearance(f"{seen.at:010d}-{index:03d}", sight.label, seen.at, seen.at)
                    found.append(known)
                else:
                    more = True
            if known:
                known.add(seen, sight)
            following.append(known)
        current = following
        if more and not any(current):
            break
    return Page(found, more)


def parsed(id: str) -> tuple[int, int]:
    """The time (ms) at which the appearance with that id begins, and its number among those. Raises BadRequest."""
    found = _ID.fullmatch(id)
    if not found:
        raise BadRequest(f"invalid appearance {id[:80]!r}: expected its id, such as 0000012480-000")
    return int(found[1]), int(found[2])


def shown(appearance: Appearance) -> dict[str, Any]:
    """An appearance as the API shows it: seconds, shares and boxes in 0..1."""
    mean = appearance.area / appearance.shown if appearance.shown else appearance.largest
    return {
        "id": appearance.id,
        "label": appearance.label,
        "from": appearance.start / 1000,
        "to": appearance.end / 1000,
        "seconds": appearance.shown / 1000,
        "looks": appearance.looks,
        "confidence": appearance.sure / SURE,
        "share": {"mean": round(mean / UNIT**2, 6), "max": round(appearance.largest / UNIT**2, 6)},
        "track": [{"time": at / 1000, "box": _box(rect)} for at, rect in appearance.track.points],
    }


def _box(rect: Rect) -> dict[str, float]:
    return {
        "x": rect.x / UNIT,
        "y": rect.y / UNIT,
        "width": rect.width / UNIT,
        "height": rect.height / UNIT,
    }
