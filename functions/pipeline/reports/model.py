"""What reports are made of. Whole numbers throughout, so that the order of adding changes nothing.

Times are milliseconds of media time. Lengths are in `UNIT`ths of the picture's width or height, confidences in
`SURE`ths.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
    """One detection. `rect` is None where it is named for the whole frame."""

    label: str
    confidence: int
    rect: Rect | None

    @property
    def order(self) -> tuple[str, Rect, int]:
        """What detections of one frame are sorted by, so that it does not matter how a provider listed them."""
        return self.label, self.rect or _NOWHERE, self.confidence


_NOWHERE = Rect(-1, -1, 0, 0)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Media that was sampled whole, from `start` to before `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SampledFrame:
    """A sampled frame. `sights` is None where its analysis failed or has yet to come; `unchanged`: the picture was the
    one before, sent on because time had passed; `cut`: it is another picture altogether."""

    at: int
    sights: tuple[Sight, ...] | None
    unchanged: bool = False
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Observation:
    """What is known to be in the picture from `at` to before `until`; nothing is claimed of longer."""

    at: int
    until: int
    sights: tuple[Sight, ...]
    cut: bool = False


def rect(box: Mapping[str, float]) -> Rect:
    """A document's box, cut to the picture."""
    left, top = _inside(box["x"]), _inside(box["y"])
    return Rect(left, top, _inside(box["x"] + box["width"]) - left, _inside(box["y"] + box["height"]) - top)


def _inside(share: float) -> int:
    return round(min(max(share, 0.0), 1.0) * UNIT)
