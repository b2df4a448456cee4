"""Ways of things between two looks: a report counts them to the frame, where `track` has followed them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from .model import UNIT, Look, Observation, Rect, Sight, Way

PIECE = 250
"""The longest part of an observation (ms) over which a thing on its way counts as resting."""
_NEAR = UNIT // 500  # sides of a place that differ by less are the same


def ways(look: Look, following: Look) -> tuple[Way, ...] | None:
    """The ways from a look to the following one, each with its confidence.

    None if there are none, or no longer fit: one of the looks has been looked at again.
    """
    if look.ways is None or look.ways.to != following.at:
        return None
    known: dict[Way, Way] = {way: way for way in look.ways.ways if way.confidence is not None}
    for sights, end in ((following.sights, -1), (look.sights, 0)):
        at, taken = (following.at if end else look.at), set[Way]()
        for sight in sights or ():
            if not sight.rect:
                continue
            mine = (way for way in look.ways.ways if way.label == sight.label and way not in taken)
            way = next(
                (one for one in mine if one.places[end][0] == at and _near(one.places[end][1], sight.rect)), None
            )
            if way is None:
                return None
            taken.add(way)
            known[way] = replace(way, confidence=sight.confidence, fill=sight.fill)
    return tuple(known.values())


def _near(one: Rect, other: Rect) -> bool:
    sides = ((one.x, other.x), (one.y, other.y), (one.width, other.width), (one.height, other.height))
    return all(abs(a - b) <= _NEAR for a, b in sides)


def pieces(observations: Iterable[Observation], frame: int = 0) -> Iterator[Observation]:
    """Each observation; one whose things were followed in pieces, so that each thing is in whole pieces.

    `frame`: how long a picture lasts (ms). The last one that a thing is in counts as long.
    """
    for one in observations:
        if one.ways is None or one.until == one.at:
            yield one
        else:
            yield from _pieces(one, one.ways, frame)


def _pieces(one: Observation, ways: Sequence[Way], frame: int) -> Iterator[Observation]:
    spans = [(way, way.end + frame) for way in ways]
    edges = {*range(one.at, one.until, PIECE), one.until}
    edges |= {edge for way, end in spans for edge in (way.begin, end) if one.at < edge < one.until}
    whole = [sight for sight in one.sights if sight.rect is None]
    for at, until in pairwise(sorted(edges)):
        there = [
            Sight(way.label, way.confidence or 0, way.at(at), way.fill, way.sharpness)
            for way, end in spans
            if way.begin <= at and until <= end
        ]
        sights = tuple(sorted((*whole, *there), key=lambda sight: sight.order))
        yield replace(
            one, at=at, until=until, sights=sights, ways=None, looked=at == one.at, cut=one.cut and at == one.at
        )
