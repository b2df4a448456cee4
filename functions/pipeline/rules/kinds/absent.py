"""`absent`: a label has not been on the screen for a while."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from ...domain.shapes import must
from ..model import SINCE_BEGINNING, Firing, Timeline
from .labels import OfLabel


class Absent(OfLabel, tag="absent", tag_field="kind"):
    """Fires once for each time that the label stays away for `seconds`, counted from the session's start too.

    Time for which no result is known does not count: the label may have been there.
    """

    seconds: Annotated[float, must("be a number from 5 to 21600", ge=5, le=21_600)]

    @property
    def lookback(self) -> int:
        """How much of the past it needs."""
        return round(self.seconds * 1000)

    def firings(self, known: Timeline) -> Iterator[Firing]:
        """All of them, in order."""
        last: int | None = None
        missing, fired, counts = 0, False, known.whole
        for seen in known.seen:
            if self.shown(seen):
                last, missing, fired, counts = seen.at, 0, False, True
                continue
            missing += seen.until - seen.at
            if counts and not fired and missing >= self.lookback:
                fired = True
                yield Firing(
                    episode=SINCE_BEGINNING if last is None else str(last),
                    at=seen.until - (missing - self.lookback),
                    look=seen.at,
                    text=f"{self.label} has not been on the screen for {self.seconds:g} s",
                    facts={"label": self.label, "seconds": self.seconds, "last_seen": last and last / 1000},
                )
