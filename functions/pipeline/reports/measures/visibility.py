"""Visibility: for how long all of a brand was within the frame, and for how long the frame's edge cut it off."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..model import UNIT, Rect
from .measure import Timed
from .moment import Moment

EDGE = UNIT // 250
"""A box that comes nearer to the frame's edge than this counts as cut off by it: 0.4 % of its width or height."""


def cut_off(rect: Rect) -> bool:
    """Whether the frame's edge cuts off a box."""
    return rect.x < EDGE or rect.y < EDGE or rect.x + rect.width > UNIT - EDGE or rect.y + rect.height > UNIT - EDGE


@dataclass(slots=True)
class Visibility:
    """By the brand's largest box that is whole, if one is."""

    cut: Timed = field(default_factory=Timed)
    shown: int = 0

    def add(self, moment: Moment) -> None:
        """Adds the next moment."""
        if not moment.places:
            return
        self.shown += moment.time
        if all(cut_off(rect) for rect in moment.places):
            self.cut.add(moment)

    def told(self) -> dict[str, Any]:
        """`cut_off`, and `visibility`: the part of the time for which it was not."""
        visible = round(1 - self.cut.ms / self.shown, 4) if self.shown else None
        return {"cut_off": self.cut.told(), "visibility": visible}
