"""Where things are in each picture of a part, from the session's tracks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import takewhile

from pipeline.documents import results
from pipeline.domain.clips import Asked
from pipeline.reports.model import Observation
from pipeline.reports.observations import observations

from .draw import Place
from .parts import Part

_BEFORE = 3  # frames: what is known at the part's beginning may have been seen some frames before


def boxes(asked: Asked, part: Part) -> Callable[[int], Sequence[Place]]:
    """What is where at a media time (ms) within the part; of the asked label alone, if there is one."""
    start, end = round(part.start * 1000), round(part.end * 1000)
    begin = results.beginning(asked.stream, asked.session, asked.kind, start, _BEFORE) if start else 0
    read = observations(
        results.looks(asked.stream, asked.session, asked.kind, begin),
        results.stretches(asked.stream, asked.session, begin),
    )
    return at(list(takewhile(lambda one: one.at <= end, read)), asked.label)


def at(known: Sequence[Observation], label: str | None) -> Callable[[int], Sequence[Place]]:
    """The same for observations, in order."""

    def places(ms: int) -> Sequence[Place]:
        number = bisect_right(known, ms, key=lambda one: one.at) - 1
        if number < 0 or ms >= known[number].until:
            return ()
        one = known[number]
        found = (
            [(sight.label, sight.rect) for sight in one.sights if sight.rect]
            if one.ways is None
            else [(way.label, way.at(ms)) for way in one.ways if way.begin <= ms <= way.end]
        )
        return [place for place in found if label is None or place[0] == label]

    return places
