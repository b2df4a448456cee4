"""`pace`: a label is on the screen for less time than was agreed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from ...domain.shapes import must
from ...reports.model import UNIT, Observation
from ..model import Firing, Timeline
from .labels import OfLabel

_SURE = 0.99999  # of a share: rectangles are whole numbers


class Pace(OfLabel, tag="pace", tag_field="kind"):
    """Fires at the end of each `minutes` of the session in which the label was on the screen for less than `seconds`.

    It counts where it covers at least `share` of the screen, all its places together. Time for which nothing is
    known makes a span shorter, and the seconds that it takes in proportion.
    """

    seconds: Annotated[float, must("be a number from 1 to 3600", ge=1, le=3600)] = 90.0
    minutes: Annotated[float, must("be a number from 1 to 60", ge=1, le=60)] = 60.0
    share: Annotated[float, must("be a number from 0 to 1", ge=0, le=1, description="of the screen")] = 0.025

    @property
    def lookback(self) -> int:
        """How much of the past it needs."""
        return self._span

    @property
    def _span(self) -> int:
        return round(self.minutes * 60_000)

    def firings(self, known: Timeline) -> Iterator[Firing]:
        """All of them, in order. Spans are counted from the session's start, so that all readers count the same."""
        first = -(-known.start // self._span) if not known.whole else known.start // self._span
        for number in range(first, known.end // self._span):
            begin, end = number * self._span, (number + 1) * self._span
            inside = [(seen, min(seen.until, end) - max(seen.at, begin)) for seen in known.seen]
            inside = [(seen, time) for seen, time in inside if time > 0]
            looked = sum(time for _, time in inside)
            shown = sum(time for seen, time in inside if self._large(seen))
            due = self.seconds * looked / self._span
            if looked and shown / 1000 < due:
                yield Firing(
                    episode=str(begin),
                    at=end,
                    look=inside[-1][0].at,
                    text=f"{self.label} was on the screen for {shown / 1000:.1f} s of {due:.0f} s due "
                    f"within {self.minutes:g} minutes",
                    facts={"label": self.label, "seconds": shown / 1000, "due": round(due, 3), "looked": looked / 1000},
                )

    def _large(self, seen: Observation) -> bool:
        area = sum(one.rect.area if one.rect else UNIT**2 for one in self.shown(seen))
        return area > 0 and area >= self.share * _SURE * UNIT**2
