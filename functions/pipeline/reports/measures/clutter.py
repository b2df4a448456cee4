"""Clutter: for how long a brand was alone on the screen, and which others were beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..model import UNIT
from .measure import Timed
from .moment import Moment

MOST_BESIDE = 50
"""The most other labels that are named."""


@dataclass(slots=True)
class Clutter:
    """Among all labels of its kind. `solus` is the mean of 1 / (1 + labels beside it)."""

    alone: Timed = field(default_factory=Timed)
    beside: dict[str, Timed] = field(default_factory=dict[str, Timed])
    most: int = 0
    part: int = 0
    shown: int = 0

    def add(self, moment: Moment) -> None:
        """Adds the next moment."""
        self.shown += moment.time
        self.part += UNIT // (1 + len(moment.others)) * moment.time
        self.most = max(self.most, len(moment.others))
        if not moment.others:
            self.alone.add(moment)
        for other in sorted(moment.others):
            if other in self.beside or len(self.beside) < MOST_BESIDE:
                self.beside.setdefault(other, Timed()).add(moment)

    def told(self) -> dict[str, Any]:
        """`alone`, `beside` by label, `most_beside` at a time, `solus`."""
        return {
            "alone": self.alone.told(),
            "beside": {label: timed.told() for label, timed in self.beside.items() if timed.ms},
            "most_beside": self.most,
            "solus": round(self.part / self.shown / UNIT, 4) if self.shown else None,
        }
