"""`beside`: a label is on the screen together with another, such as a competitor's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from ...domain.shapes import must
from ...reports.model import SURE, Observation
from ..model import Firing, Timeline
from .labels import APART, Label, OfLabel, is_


class Beside(OfLabel, tag="beside", tag_field="kind"):
    """Fires when the label is on the screen together with one of `others`, and was not for the 5 s before."""

    others: Annotated[list[Label], must("be a list of 1 to 20 labels", min_length=1, max_length=20)]

    @property
    def lookback(self) -> int:
        """How much of the past it needs."""
        return APART

    def firings(self, known: Timeline) -> Iterator[Firing]:
        """All of them, in order."""
        apart = APART if known.whole else 0
        for seen in known.seen:
            beside = self._beside(seen) if self.shown(seen) else []
            if beside and apart >= APART:
                yield Firing(
                    episode=str(seen.at),
                    at=seen.at,
                    look=seen.at,
                    text=f"{self.label} is on the screen beside {', '.join(beside)}",
                    facts={"label": self.label, "others": beside},
                )
            apart = 0 if beside else apart + seen.until - seen.at

    def _beside(self, seen: Observation) -> list[str]:
        sure = [one for one in seen.sights if one.confidence >= self.confidence * SURE]
        return sorted({one.label for one in sure if any(is_(other, one) for other in self.others)})
