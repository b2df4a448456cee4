"""Reads the moments of a session from its steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..model import SURE, Sight
from ..observations import FOREVER
from ..tracking import Step, covered
from .audience import Curve
from .moment import Moment
from .placements import Zone, zone_of


@dataclass(slots=True)
class Reading:
    """Of the session with the number `session`, from `start` to before `end`. `analysed`: ms of them that are known,
    `until` when the last of them ends."""

    session: int
    start: int = 0
    end: int = FOREVER
    zones: Sequence[Zone] = ()
    curve: Curve | None = None
    analysed: int = 0
    until: int = 0
    _begun: bool = False

    def moments(self, step: Step) -> Iterator[Moment]:
        """Those of a step, one for each label in it."""
        seen = step.observation
        at, until = max(seen.at, self.start), min(seen.until, self.end)
        # A step without duration has detections, but no time.
        if until < at or at >= self.end or (at == until != seen.at):
            return
        self.analysed += until - at
        self.until = max(self.until, until)
        indices: dict[str, list[int]] = {}
        for index, sight in enumerate(seen.sights):
            indices.setdefault(sight.label, []).append(index)
        first, self._begun = not self._begun, True
        for label, mine in indices.items():
            sights = [seen.sights[index] for index in mine]
            begun = sum(1 for index in mine if step.before[index] is None and seen.at >= self.start)
            places = tuple(sorted((one.rect for one in sights if one.rect), key=lambda rect: -rect.area))
            yield Moment(
                session=self.session,
                label=label,
                at=at,
                until=until,
                places=places,
                area=_area(sights),
                confidence=max(one.confidence for one in sights),
                others=frozenset(indices.keys() - {label}),
                begun=begun,
                continued=len(mine) - begun if first else 0,
                sharpness=max((one.sharpness for one in sights if one.sharpness is not None), default=None),
                zone=zone_of(places[0], self.zones) if places else None,
                viewed=self.curve.over(at, until) if self.curve else None,
            )


def _area(sights: Sequence[Sight]) -> int:
    """What things of one label cover, in UNIT²: overlaps of their boxes once, and of a box what its corners leave."""
    boxes = [(one.rect, one.fill) for one in sights if one.rect]
    whole = sum(rect.area for rect, _ in boxes)
    filled = sum(rect.area * fill for rect, fill in boxes) // SURE
    return covered([rect for rect, _ in boxes]) * filled // whole if whole else 0
