"""`appears`: a label comes on the screen."""

from __future__ import annotations

from collections.abc import Iterator

from ...reports.model import SURE
from ..model import Firing, Timeline
from .labels import APART, OfLabel


class Appears(OfLabel, tag="appears", tag_field="kind"):
    """Fires when the label is on the screen, and was not for the 5 s before."""

    @property
    def lookback(self) -> int:
        """How much of the past it needs."""
        return APART

    def firings(self, known: Timeline) -> Iterator[Firing]:
        """All of them, in order."""
        away = APART if known.whole else 0  # else it may have been there before
        for seen in known.seen:
            shown = self.shown(seen)
            if shown and away >= APART:
                yield Firing(
                    episode=str(seen.at),
                    at=seen.at,
                    look=seen.at,
                    text=f"{self.label} is on the screen",
                    facts={"label": self.label, "confidence": max(one.confidence for one in shown) / SURE},
                )
            away = 0 if shown else away + seen.until - seen.at
