"""Types of the reports. Whole numbers throughout, so that the order of adding changes nothing.

Times are milliseconds of media time. Lengths are in `UNIT`ths of the picture's width or height, confidences in
`SURE`ths.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

UNIT = 100_000
SURE = 10_000


@dataclass(frozen=True, slots=True, order=True)
class Rect:
    """A rectangle in the picture."""

    x: int
    y: int
    width: int
    height: int

    @property
    def area(self) -> int:
        """In UNIT² of the picture."""
        return self.width * self.height


@dataclass(frozen=True, slots=True)
class Sight:
    """One detection. `rect` is None if it concerns the whole frame; `fill` is the part of it, in SUREths, that a thing
    with corners covers; `sharpness` in SUREths, if it was measured."""

    label: str
    confidence: int
    rect: Rect | None
    fill: int = SURE
    sharpness: int | None = None

    @property
    def order(self) -> tuple[str, Rect, int]:
        """Sort key of the detections of one frame: the order in which a provider lists them does not matter."""
        return self.label, self.rect or _NOWHERE, self.confidence


_NOWHERE = Rect(-1, -1, 0, 0)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Media that was sampled whole, from `start` to before `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Way:
    """Where a thing of a label is: places and their times, in order, straight from one to the next.

    `confidence` is that of a further look, if neither of the two has seen it. `fill` and `sharpness` as of a sight.
    """

    label: str
    places: tuple[tuple[int, Rect], ...]
    confidence: int | None = None
    fill: int = SURE
    sharpness: int | None = None

    @property
    def begin(self) -> int:
        """When it is there first."""
        return self.places[0][0]

    @property
    def end(self) -> int:
        """When it is there last."""
        return self.places[-1][0]

    def at(self, time: int) -> Rect:
        """Its place at a time within."""
        number = bisect_right(self.places, time, key=lambda place: place[0])
        (since, a), (until, b) = self.places[number - 1], self.places[min(number, len(self.places) - 1)]
        if until == since:
            return a
        sides = ((a.x, b.x), (a.y, b.y), (a.width, b.width), (a.height, b.height))
        return Rect(*(one + (other - one) * (time - since) // (until - since) for one, other in sides))


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways of all things with a place from a look to the next, `to`."""

    to: int
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """A sampled frame and its detections of a kind. `sights` is None if its analysis failed or has yet to come;
    `unchanged`: sent on because time had passed, with the same picture as before; `cut`: with quite another picture;
    `ways`: None until its sights have been followed."""

    at: int
    sights: tuple[Sight, ...] | None
    unchanged: bool = False
    cut: bool = False
    ways: Ways | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """Detections that are known to be in the picture from `at` to before `until`, and no longer.

    `ways`: where they really are meanwhile, each with its confidence. `looked`: it begins with a look.
    """

    at: int
    until: int
    sights: tuple[Sight, ...]
    cut: bool = False
    ways: tuple[Way, ...] | None = None
    looked: bool = True


def rect(box: Mapping[str, float]) -> Rect:
    """A document's box, cut to the picture."""
    left, top = _inside(box["x"]), _inside(box["y"])
    return Rect(left, top, _inside(box["x"] + box["width"]) - left, _inside(box["y"] + box["height"]) - top)


def fill(box: Mapping[str, float], corners: Sequence[float]) -> int:
    """The part of a document's box, in SUREths, that a thing with these corners covers."""
    points = list(zip(corners[::2], corners[1::2], strict=True))
    turns = (x * below - right * y for (x, y), (right, below) in pairwise([*points, points[0]]))
    whole = box["width"] * box["height"]
    return round(min(abs(sum(turns)) / 2 / whole, 1.0) * SURE) if whole > 0 else SURE


def _inside(share: float) -> int:
    return round(min(max(share, 0.0), 1.0) * UNIT)
