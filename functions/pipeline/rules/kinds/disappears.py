"""`disappears`: a label goes from the screen."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Firing, Timeline
from .labels import APART, OfLabel


class Disappears(OfLabel, tag="disappears", tag_field="kind"):
    """Fires when the label was on the screen, and has not been for 5 s since."""

    @property
    def lookback(self) -> int:
        """How much of the past it needs."""
        return APART

    def firings(self, known: Timeline) -> Iterator[Firing]:
        """All of them, in order."""
        last: int | None = None
        missing = 0
        for seen in known.seen:
            if self.shown(seen):
                last, missing = seen.at, 0
                continue
            missing += seen.until - seen.at
            if last is not None and missing >= APART:
                yield Firing(
                    episode=str(last),
                    at=seen.until - (missing - APART),
                    look=last,
                    text=f"{self.label} is no longer on the screen",
                    facts={"label": self.label, "last_seen": last / 1000},
                )
                last = None
