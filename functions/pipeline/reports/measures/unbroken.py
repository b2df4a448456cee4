"""Duration unbroken: how long a brand stayed on the screen at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .measure import Timed
from .moment import Moment

LASTING = 5000
"""ms unbroken from which on a brand stays as long as it need."""


@dataclass(slots=True)
class Unbroken:
    """Runs of moments without a hole. `duration` is the mean, over the time, of min(1, run / LASTING)."""

    runs: int = 0
    longest: Timed = field(default_factory=Timed)
    lasting: int = 0
    shown: int = 0
    run: Timed = field(default_factory=Timed)

    def add(self, moment: Moment) -> None:
        """Adds the next moment."""
        if self.run.ranges and self.run.ranges[-1][::2] != (moment.session, moment.at):
            self._end()
        self.run.add(moment)

    def _end(self) -> None:
        if self.run.ms:
            self.runs += 1
            self.shown += self.run.ms
            self.lasting += min(self.run.ms, LASTING) * self.run.ms
            self.longest = max(self.longest, self.run, key=lambda run: run.ms)
        self.run = Timed()

    def told(self) -> dict[str, Any]:
        """`unbroken`: how many runs, the `longest`, their mean; `duration`. It takes in the last run."""
        self._end()
        mean = round(self.shown / self.runs / 1000, 3) if self.runs else 0.0
        duration = round(self.lasting / self.shown / LASTING, 4) if self.shown else None
        return {
            "unbroken": {"runs": self.runs, "mean": mean, "longest": self.longest.told()},
            "duration": duration,
        }
