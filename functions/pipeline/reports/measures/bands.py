"""Bands of size: for how long a brand covered 2.5, 5 or 10 % of the screen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .measure import Timed
from .moment import SCREEN, Moment

BANDS = (("under_2_5", 0.0), ("from_2_5", 0.025), ("from_5", 0.05), ("from_10", 0.10))
"""Names of the bands, and the share of the screen that each begins with: it ends where the next begins."""
FULL = 0.10
"""The share of the screen from which on a brand is as large as it need be."""


@dataclass(slots=True)
class Bands:
    """Seconds in each band; `size` is the mean of min(1, share / FULL)."""

    bands: dict[str, Timed] = field(default_factory=lambda: {name: Timed() for name, _ in BANDS})
    size: int = 0
    shown: int = 0

    def add(self, moment: Moment) -> None:
        """Adds the next moment."""
        if not moment.places:
            return
        name = [name for name, least in BANDS if moment.area >= least * SCREEN][-1]
        self.bands[name].add(moment)
        self.size += min(moment.area, round(FULL * SCREEN)) * moment.time
        self.shown += moment.time

    def told(self) -> dict[str, Any]:
        """`bands` by name, `size`."""
        size = round(self.size / self.shown / (FULL * SCREEN), 4) if self.shown else None
        return {"bands": {name: timed.told() for name, timed in self.bands.items()}, "size": size}
