"""Position on the screen: seconds in each of nine fields, and nearness to the middle."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from ..model import UNIT, Rect
from .measure import Timed
from .moment import Moment

FIELDS = tuple(f"{down} {across}" for down in ("top", "middle", "bottom") for across in ("left", "centre", "right"))


def field_of(rect: Rect) -> str:
    """The field that the middle of a box lies in."""
    across, down = (2 * rect.x + rect.width) * 3 // (2 * UNIT), (2 * rect.y + rect.height) * 3 // (2 * UNIT)
    return FIELDS[3 * min(down, 2) + min(across, 2)]


def centrality(rect: Rect) -> float:
    """1 in the middle of the picture, 0 in its corners."""
    across = (2 * rect.x + rect.width - UNIT) / UNIT
    down = (2 * rect.y + rect.height - UNIT) / UNIT
    return 1 - math.hypot(across, down) / math.sqrt(2)


@dataclass(slots=True)
class Position:
    """By the middle of the brand's largest box; `position` is the mean of `centrality`."""

    fields: dict[str, Timed] = field(default_factory=lambda: {name: Timed() for name in FIELDS})
    central: int = 0
    shown: int = 0

    def add(self, moment: Moment) -> None:
        """Adds the next moment."""
        if not moment.place:
            return
        self.fields[field_of(moment.place)].add(moment)
        self.central += round(centrality(moment.place) * UNIT) * moment.time
        self.shown += moment.time

    def told(self) -> dict[str, Any]:
        """`fields` by name, those with any time; `main_field`, of the most; `position`."""
        main = max(FIELDS, key=lambda name: self.fields[name].ms)
        return {
            "fields": {name: timed.told() for name, timed in self.fields.items() if timed.ms},
            "main_field": main if self.fields[main].ms else None,
            "position": round(self.central / self.shown / UNIT, 4) if self.shown else None,
        }
