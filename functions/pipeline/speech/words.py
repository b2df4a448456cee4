"""Placement of words that were heard in a segment and in the end of the one before. Pure.

A word that a segment's end cuts off is heard whole with the next segment, which begins `lead` seconds earlier. In the
middle of what both have heard the one hands over to the other:

    segment n      ├──────────────────────┼───────┤
    segment n + 1                 ├───────┼──────────────────────┤
                                     lead ▲ handed over: `begins` of n + 1

Later words of the earlier segment stand only until the later segment is transcribed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..domain.model import Word

_MARGIN = 0.15  # seconds: two hearings of a word differ by less


@dataclass(frozen=True, slots=True)
class Heard:
    """A word as Speech-to-Text gives it: `start` and `end` in seconds of the sound that it was sent. `speaker`: its
    label, if speakers are told apart."""

    text: str
    start: float
    end: float
    confidence: float | None = None
    speaker: str | None = None


def begins(media_time: float, lead: float) -> float:
    """The media time from which on the words of a segment count, if it heard `lead` seconds of the one before."""
    return round(media_time - lead / 2, 3)


def placed(heard: Iterable[Heard], media_time: float, lead: float) -> tuple[Word, ...]:
    """The words of a segment that begins at `media_time`, at their media times. Earlier words are left out."""
    offset, first = media_time - lead, begins(media_time, lead) - (_MARGIN if lead else 0)
    return tuple(
        Word(one.text, round(offset + one.start, 3), round(offset + one.end, 3), one.confidence)
        for one in heard
        if offset + (one.start + one.end) / 2 >= first
    )
