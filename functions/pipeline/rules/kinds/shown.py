"""`shown`: a word, or a few, can be read on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from ...domain.model import Kind
from ...domain.shapes import must
from ..model import Firing, Timeline

_APART = 5_000  # ms


class Shown(Struct, forbid_unknown_fields=True, kw_only=True, tag="shown", tag_field="kind"):
    """Fires when a text that holds `words` is on the screen, and none was for the 5 s before. Case does not matter."""

    words: Annotated[str, must("be a string of 1 to 100 characters", min_length=1, max_length=100)]

    @property
    def lookback(self) -> int:
        """How much of the past it needs."""
        return _APART

    @property
    def sees(self) -> Kind | None:
        """It looks at texts."""
        return Kind.TEXT

    @property
    def hears(self) -> bool:
        """It does not need what was said."""
        return False

    def firings(self, known: Timeline) -> Iterator[Firing]:
        """All of them, in order."""
        wanted, away = self.words.casefold(), _APART if known.whole else 0
        for seen in known.seen:
            texts = [one.label for one in seen.sights if wanted in one.label.casefold()]
            if texts and away >= _APART:
                yield Firing(
                    episode=str(seen.at),
                    at=seen.at,
                    look=seen.at,
                    text=f"“{self.words}” can be read on the screen",
                    facts={"words": self.words, "text": texts[0][:200]},
                )
            away = 0 if texts else away + seen.until - seen.at
