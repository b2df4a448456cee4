"""Tracking: matches detections of successive observations that are the same thing.

Each decision looks at neighbours only, so that it does not depend on where reading began.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from .model import UNIT, Observation, Rect, Sight
from .ways import pieces

BRIDGE = 3000
"""ms for which a detection may be missing, or the media not analysed, and still count as present."""
_SIZES = 9  # one box may be so many times the other's area


@dataclass(frozen=True, slots=True)
class Step:
    """An observation; `before[i]` is the index of the previous sight that its i-th continues, None if it begins."""

    observation: Observation
    before: tuple[int | None, ...]


def followed(observations: Iterable[Observation], frame: int = 0) -> Iterator[Step]:
    """Each observation, linked to the one before it, and with sights restored that it alone had missed.

    `frame`: how long a picture lasts (ms).
    """
    previous: Observation | None = None
    for now in pieces(_mended(observations), frame):
        pairs = match(previous.sights, now.sights) if previous and _touch(previous, now) else {}
        yield Step(now, tuple(pairs.get(index) for index in range(len(now.sights))))
        previous = now


def match(earlier: Sequence[Sight], later: Sequence[Sight]) -> dict[int, int]:
    """Maps sights of `later` (index) to the sight of `earlier` (index) that each continues: nearest pairs first."""
    by_label: dict[str, list[int]] = {}
    for i, sight in enumerate(earlier):
        by_label.setdefault(sight.label, []).append(i)
    candidates = sorted(
        (cost, i, j)
        for j, b in enumerate(later)
        for i in by_label.get(b.label, ())
        if (cost := _cost(earlier[i].rect, b.rect)) < math.inf
    )
    taken: set[int] = set()
    pairs: dict[int, int] = {}
    for _, i, j in candidates:
        if i not in taken and j not in pairs:
            taken.add(i)
            pairs[j] = i
    return pairs


def _mended(observations: Iterable[Observation]) -> Iterator[Observation]:
    """Adds sights to an observation that are seen before and after it, in both cases near by."""
    first: Observation | None = None
    second: Observation | None = None
    for third in observations:
        if second:
            yield _mend(first, second, third) if first else second
        first, second = second, third
    if second:
        yield second


def _mend(first: Observation, second: Observation, third: Observation) -> Observation:
    if (
        second.cut
        or third.cut
        or third.at - first.at > BRIDGE
        or not _touch(first, second)
        or not _touch(second, third)
    ):
        return second
    lost = _without(first.sights, match(first.sights, second.sights).values())
    if not lost:
        return second
    found = _without(third.sights, match(second.sights, third.sights).keys())
    missed = [lost[index] for index in match(lost, found).values()]
    if not missed:
        return second
    return replace(second, sights=tuple(sorted((*second.sights, *missed), key=lambda sight: sight.order)))


def _touch(earlier: Observation, later: Observation) -> bool:
    return later.at - earlier.until <= BRIDGE


def _without(sights: Sequence[Sight], known: Iterable[int]) -> list[Sight]:
    left_out = set(known)
    return [sight for index, sight in enumerate(sights) if index not in left_out]


def _cost(a: Rect | None, b: Rect | None) -> float:
    """Distance of centres, in pictures; overlapping boxes come first, those of quite another size never match."""
    if a is None and b is None:
        return 0.0
    if a is None or b is None or not a.area or not b.area or not 1 / _SIZES < a.area / b.area < _SIZES:
        return math.inf
    across = (2 * a.x + a.width - 2 * b.x - b.width) / (2 * UNIT)
    down = (2 * a.y + a.height - 2 * b.y - b.height) / (2 * UNIT)
    return math.hypot(across, down) - 2 * overlap(a, b)


def overlap(a: Rect, b: Rect) -> float:
    """Intersection over union."""
    width = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    height = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / (a.area + b.area - width * height)


def covered(rects: Sequence[Rect]) -> int:
    """The area that `rects` cover together, in UNIT² of the picture: overlaps count once."""
    columns = sorted({edge for one in rects for edge in (one.x, one.x + one.width)})
    area = 0
    for left, right in pairwise(columns):
        spans = sorted((one.y, one.y + one.height) for one in rects if one.x <= left and right <= one.x + one.width)
        reached = tall = 0
        for top, bottom in spans:
            tall += max(0, bottom - max(top, reached))
            reached = max(reached, bottom)
        area += (right - left) * tall
    return area
