"""Neighbouring looks, and which of those around them their tracks follow from. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..documents.tracks import Around, Look
from ..domain.model import Detection, Kind
from .stretch import followed, missed


@dataclass(frozen=True)
class Far:
    """A look beside two neighbours, the nearer of them, and the things that it saw and both of them have missed."""

    look: Look
    near: Look
    things: Sequence[Detection]


@dataclass(frozen=True)
class Neighbours:
    """Two looks, one after the other; up to two before them, in order of time, and the one after, if it is there."""

    first: Look
    last: Look
    earlier: Sequence[Look]
    after: Look | None

    @cached_property
    def beyond(self) -> Sequence[Far]:
        """Of the looks on both sides, those that saw what these two have missed."""
        before = self.earlier[-1] if self.earlier else None
        sides = ((before, self.first, self.last), (self.after, self.last, self.first))
        return [
            Far(far, near, things)
            for far, near, other in sides
            if far and far.complete and (things := missed(far.detections, near.detections, other.detections))
        ]

    @property
    def of(self) -> list[Look]:
        """The looks that their tracks follow from."""
        return [self.first, self.last, *(far.look for far in self.beyond)]

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds whose boxes are followed from one to the other."""
        things = [thing for far in self.beyond for thing in far.things]
        return followed([*self.first.detections, *things], self.last.detections)

    @property
    def due(self) -> bool:
        """Whether both are analysed, and their tracks are not written yet."""
        complete = self.first.complete and self.last.complete and bool(self.kinds)
        return complete and not self.first.leads_to(self.last, self.of)


def concerned(around: Around) -> Iterator[Neighbours]:
    """Those neighbours among the looks around one of them whose tracks follow from it."""
    looks = [*around.before, around.here, *around.after]
    here = len(around.before)
    for number in range(max(0, here - 2), min(here + 2, len(looks) - 1)):
        earlier, after = looks[max(0, number - 2) : number], looks[number + 2 : number + 3]
        neighbours = Neighbours(looks[number], looks[number + 1], earlier, after[0] if after else None)
        if any(look is around.here for look in neighbours.of):
            yield neighbours
