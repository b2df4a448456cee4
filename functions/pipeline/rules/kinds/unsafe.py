"""`unsafe`: the picture is of a kind that is not safe to show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from ...domain.model import Kind
from ...domain.shapes import must
from ...reports.model import SURE
from ..model import Firing, Timeline
from .labels import Confidence

_APART = 5_000  # ms


class Unsafe(Struct, forbid_unknown_fields=True, kw_only=True, tag="unsafe", tag_field="kind"):
    """Fires when the picture is one of `labels` with at least `confidence`, and was none for the 5 s before."""

    labels: Annotated[
        list[Annotated[str, must("be a label", min_length=1, max_length=40)]],
        must("be a list of 1 to 10 labels, such as adult, violence or racy", min_length=1, max_length=10),
    ]
    confidence: Confidence = 0.6

    @property
    def lookback(self) -> int:
        """How much of the past it needs."""
        return _APART

    @property
    def sees(self) -> Kind | None:
        """It looks at what safe search says."""
        return Kind.SAFE_SEARCH

    @property
    def hears(self) -> bool:
        """It does not need what was said."""
        return False

    def firings(self, known: Timeline) -> Iterator[Firing]:
        """All of them, in order."""
        wanted, away = {label.casefold() for label in self.labels}, _APART if known.whole else 0
        for seen in known.seen:
            found = [one for one in seen.sights if one.label.casefold() in wanted]
            sure = [one for one in found if one.confidence >= self.confidence * SURE]
            if sure and away >= _APART:
                named = sorted({one.label for one in sure})
                yield Firing(
                    episode=str(seen.at),
                    at=seen.at,
                    look=seen.at,
                    text=f"The picture may be unsafe: {', '.join(named)}",
                    facts={"labels": named, "confidence": max(one.confidence for one in sure) / SURE},
                )
            away = 0 if sure else away + seen.until - seen.at
