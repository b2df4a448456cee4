"""A measure: a fold over the moments of one brand; and a time with its evidence, the ranges that it adds up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from .moment import Moment

MOST_RANGES = 200
"""The most ranges that one figure names; it counts the time of all."""


class Measure(Protocol):
    """Moments go in, in order of time and session by session; figures come out."""

    def add(self, moment: Moment) -> None:
        """Adds the next moment."""
        ...

    def told(self) -> dict[str, Any]:
        """Its figures, as JSON."""
        ...


@dataclass(slots=True)
class Timed:
    """A time on the screen, and the ranges of media time that it is the sum of."""

    ms: int = 0
    ranges: list[tuple[int, int, int]] = field(default_factory=list[tuple[int, int, int]])
    left_out: int = 0

    def add(self, moment: Moment) -> None:
        """Adds a moment; one that follows the last one makes its range longer."""
        self.ms += moment.time
        session, since, until = self.ranges[-1] if self.ranges else (-1, 0, 0)
        if session == moment.session and until == moment.at and not self.left_out:
            self.ranges[-1] = session, since, moment.until
        elif len(self.ranges) < MOST_RANGES:
            self.ranges.append((moment.session, moment.at, moment.until))
        else:
            self.left_out += 1

    def told(self) -> dict[str, Any]:
        """Seconds; `ranges` by the number of their session in the report; `cut`: there are more of them."""
        return {
            "seconds": self.ms / 1000,
            "ranges": [
                {"session": session, "from": since / 1000, "to": until / 1000} for session, since, until in self.ranges
            ],
            "cut": self.left_out > 0,
        }
