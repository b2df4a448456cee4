"""Time on the screen, share of it, appearances."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..model import SURE
from .measure import Timed
from .moment import SCREEN, Moment


@dataclass(slots=True)
class Screen:
    """The same figures as those of `exposure`."""

    shown: Timed = field(default_factory=Timed)
    area: int = 0
    largest: int = 0
    sure: int = 0
    begun: int = 0
    continued: int = 0

    def add(self, moment: Moment) -> None:
        """Adds the next moment."""
        self.shown.add(moment)
        self.area += moment.area * moment.time
        self.largest = max(self.largest, moment.area)
        self.sure += moment.confidence * moment.time
        self.begun += moment.begun
        self.continued += moment.continued

    def told(self) -> dict[str, Any]:
        """`on_screen`, `share`, `appearances`, `continued`, `confidence`."""
        time = self.shown.ms
        return {
            "on_screen": self.shown.told(),
            "share": {
                "mean": round(self.area / time / SCREEN, 6) if time else 0.0,
                "max": round(self.largest / SCREEN, 6),
                "seconds": round(self.area / SCREEN / 1000, 4),
            },
            "appearances": self.begun + self.continued,
            "continued": self.continued,
            "confidence": round(self.sure / time / SURE, 4) if time else 0.0,
        }
