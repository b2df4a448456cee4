"""Where words belong that were heard in the sound of a segment and the end of the one before. Pure.

A word that a segment's end cuts off is heard whole with the next segment, which begins `lead` seconds earlier. In the
middle of what both have heard the one hands over to the other:

    segment n      ├──────────────────────┼───────┤
    segment n + 1                 ├───────┼──────────────────────┤
                                     lead ▲ handed over: `begins` of n + 1

What the earlier one has after that stands only until the later one is there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..domain.model import Word

_MARGIN = 0.15  # seconds: two hearings of a word differ by less


@dataclass(frozen=True, slots=True)
class Heard:
    """A word as Speech-to-Text gives it: `start` and `end` in seconds of the sound that it was sent."""

    text: str
    start: float
    end: float
    confidence: float | None = None


def begins(media_time: float, lead: float) -> float:
    """From which media time on a segment's words count, where it heard `lead` seconds of the one before."""
    return round(media_time - lead / 2, 3)


def placed(heard: Iterable[Heard], media_time: float, lead: float) -> tuple[Word, ...]:
    """The words of a segment that begins at `media_time`, at their media times. What was said earlier is left out."""
    offset, first = media_time - lead, begins(media_time, lead) - (_MARGIN if lead else 0)
    return tuple(
        Word(one.text, round(offset + one.start, 3), round(offset + one.end, 3), one.confidence)
        for one in heard
        if offset + (one.start + one.end) / 2 >= first
    )
