"""`word`: a word, or a few in a row, is said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from ...domain.model import Kind
from ...domain.shapes import must
from ..model import Firing, Timeline

_APART = 5_000  # ms


class Word(Struct, forbid_unknown_fields=True, kw_only=True, tag="word", tag_field="kind"):
    """Fires when the words are said, and were not for the 5 s before. Case and signs make no difference."""

    words: Annotated[str, must("be a string of 1 to 100 characters with a letter", min_length=1, max_length=100)]

    @property
    def lookback(self) -> int:
        """How much of the past it needs."""
        return _APART

    @property
    def sees(self) -> Kind | None:
        """It looks at no detections."""
        return None

    @property
    def hears(self) -> bool:
        """It needs what was said."""
        return True

    def firings(self, known: Timeline) -> Iterator[Firing]:
        """All of them, in order."""
        wanted = [part for word in self.words.split() if (part := _bare(word))]
        said = [(bare, word) for word in known.said if (bare := _bare(word.text))]
        before: int | None = None
        for number in range(len(said) - len(wanted) + 1):
            if not wanted or [bare for bare, _ in said[number : number + len(wanted)]] != wanted:
                continue
            at = round(said[number][1].start * 1000)
            if at >= known.start and (before is None or at - before >= _APART):
                yield Firing(
                    episode=str(at),
                    at=at,
                    text=f"“{self.words}” was said",
                    facts={"words": self.words, "speaker": said[number][1].speaker},
                )
            before = at


def _bare(word: str) -> str:
    return re.sub(r"[^\w]", "", word).casefold()
