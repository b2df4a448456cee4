"""Audience: how many people saw a brand, by a curve of viewers that the user brings."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .moment import Moment

FORMULA = (
    "impressions = the sum, over each time a brand is on the screen unbroken, of the mean audience meanwhile; "
    "viewer_seconds = the sum of audience × seconds. The audience is that of the curve's last point before."
)


@dataclass(frozen=True, slots=True)
class Curve:
    """Viewers from each time (ms of media time) on; none before the first."""

    times: tuple[int, ...]
    viewers: tuple[float, ...]

    @classmethod
    def of(cls, points: Sequence[tuple[int, float]]) -> Curve:
        """The curve through points, in any order."""
        ordered = sorted(points)
        return cls(tuple(at for at, _ in ordered), tuple(viewers for _, viewers in ordered))

    def over(self, at: int, until: int) -> float:
        """Viewers × ms from `at` to before `until`."""
        total, number = 0.0, bisect_right(self.times, at) - 1
        while at < until:
            end = min(until, self.times[number + 1]) if number + 1 < len(self.times) else until
            total += (self.viewers[number] if number >= 0 else 0.0) * (end - at)
            at, number = end, number + 1
        return total


@dataclass(slots=True)
class Audience:
    """Sums of the moments of which the audience is known."""

    known: bool = False
    viewed: float = 0.0
    impressions: float = 0.0
    run_viewed: float = 0.0
    run_ms: int = 0
    end: tuple[int, int] = (-1, -1)

    def add(self, moment: Moment) -> None:
        """Adds the next moment."""
        if moment.viewed is None:
            return
        self.known = True
        if self.end != (moment.session, moment.at):
            self._end()
        self.run_viewed += moment.viewed
        self.run_ms += moment.time
        self.end = moment.session, moment.until

    def _end(self) -> None:
        self.viewed += self.run_viewed
        self.impressions += self.run_viewed / self.run_ms if self.run_ms else 0.0
        self.run_viewed, self.run_ms = 0.0, 0

    def told(self) -> dict[str, Any]:
        """`audience`: `impressions`, `viewer_seconds`; null without a curve. It takes in the last run."""
        self._end()
        if not self.known:
            return {"audience": None}
        seconds = round(self.viewed / 1000, 2)
        return {"audience": {"impressions": round(self.impressions, 2), "viewer_seconds": seconds}}
