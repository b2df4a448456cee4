"""Viewable seconds: long, large and whole enough to be seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .measure import Timed
from .moment import SCREEN, Moment
from .visibility import cut_off

SHARE, LEAST = 0.015, 1000
RULE = (
    "Viewable is the time for which a brand covers 1.5 % of the screen or more and is not cut off by the frame's edge, "
    "for 1 s unbroken or more. It follows the rule of IAB and MRC for advertising in games (2022), which is an analogy."
)


@dataclass(slots=True)
class Viewable:
    """Runs of moments that fulfil RULE."""

    viewable: Timed = field(default_factory=Timed)
    run: list[Moment] = field(default_factory=list[Moment])

    def add(self, moment: Moment) -> None:
        """Adds the next moment."""
        if self.run and (self.run[-1].session, self.run[-1].until) != (moment.session, moment.at):
            self._end()
        if moment.area >= SHARE * SCREEN and not all(cut_off(rect) for rect in moment.places):
            self.run.append(moment)
        else:
            self._end()

    def _end(self) -> None:
        if sum(one.time for one in self.run) >= LEAST:
            for one in self.run:
                self.viewable.add(one)
        self.run = []

    def told(self) -> dict[str, Any]:
        """`viewable`. It takes in the last run."""
        self._end()
        return {"viewable": self.viewable.told()}
