"""Corrections by people: a report counts what they leave of the appearances, and what they have drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any

from .model import SURE, UNIT, Observation, Rect, Sight
from .tracking import Step


class Action(StrEnum):
    """What a person says of an appearance."""

    CONFIRM = "confirm"
    REJECT = "reject"
    RENAME = "rename"
    DRAW = "draw"


@dataclass(frozen=True, slots=True)
class Correction:
    """Of one `appearance` (its id); with `every`, of all that carry its label `was`. `label`: the new one.

    A drawn one has a label, a place and a time (ms of media time) of its own.
    """

    id: str
    kind: str
    action: Action
    appearance: str = ""
    was: str = ""
    label: str = ""
    every: bool = False
    start: int = 0
    end: int = 0
    rect: Rect | None = None
    by: str | None = None
    at: datetime | None = None

    def told(self) -> dict[str, Any]:
        """The correction as JSON."""
        drawn = self.action is Action.DRAW
        return {
            "id": self.id,
            "kind": self.kind,
            "action": self.action.value,
            "appearance": None if drawn else self.appearance,
            "was": None if drawn else self.was,
            "label": self.label or None,
            "every": self.every,
            "from": self.start / 1000 if drawn else None,
            "to": self.end / 1000 if drawn else None,
            "box": _box(self.rect) if self.rect else None,
            "by": self.by,
            "at": self.at.isoformat() if self.at else None,
        }


def corrected(steps: Iterable[Step], corrections: Sequence[Correction]) -> Iterator[Step]:
    """The steps of a session, from its first on, as people have corrected them."""
    return _Correcting(corrections).steps(steps) if corrections else iter(steps)


class _Correcting:
    def __init__(self, corrections: Sequence[Correction]) -> None:
        ordered = sorted(corrections, key=lambda one: not one.every)  # what is said of one appearance comes last
        self._of_labels = {one.was: one for one in ordered if one.every}
        self._of_one = {one.appearance: one for one in ordered if one.appearance and not one.every}
        self._drawn = [one for one in ordered if one.action is Action.DRAW]
        self._edges = sorted({edge for one in self._drawn for edge in (one.start, one.end)})
        self._ids: list[str] = []
        self._places: Mapping[int | str, int] = {}  # of the step before: from its sights, and drawings, to those left

    def steps(self, steps: Iterable[Step]) -> Iterator[Step]:
        """Each of them, in pieces where a drawing begins or ends."""
        for step in steps:
            seen = step.observation
            ids = [
                self._ids[origin] if origin is not None and origin < len(self._ids) else f"{seen.at:010d}-{index:03d}"
                for index, origin in enumerate(step.before)
            ]
            self._ids = ids
            edges = [seen.at, *(edge for edge in self._edges if seen.at < edge < seen.until), seen.until]
            for number, (at, until) in enumerate(pairwise(edges)):
                before: Sequence[int | None] = range(len(ids)) if number else step.before
                yield self._piece(seen, at, until, before, looked=seen.looked and not number)

    def _piece(self, seen: Observation, at: int, until: int, before: Sequence[int | None], *, looked: bool) -> Step:
        sights: list[Sight] = []
        origins: list[int | None] = []
        places: dict[int | str, int] = {}
        for index, sight in enumerate(seen.sights):
            label = self._label(self._ids[index], sight.label)
            if label is None:
                continue
            origin = before[index]
            places[index] = len(sights)
            origins.append(None if origin is None else self._places.get(origin))
            sights.append(sight if label == sight.label else replace(sight, label=label))
        for one in self._drawn:
            if one.start <= at and (until <= one.end and at < one.end):
                places[one.id] = len(sights)
                origins.append(self._places.get(one.id))
                sights.append(Sight(one.label, SURE, one.rect))
        self._places = places
        cut = seen.cut and at == seen.at
        return Step(Observation(at, until, tuple(sights), cut, None, looked), tuple(origins))

    def _label(self, id: str, label: str) -> str | None:
        """The label that it has after all; None if it is rejected."""
        said = self._of_one.get(id) or self._of_labels.get(label)
        if said is None or said.action is Action.CONFIRM:
            return label
        return said.label if said.action is Action.RENAME else None


def _box(rect: Rect) -> dict[str, float]:
    return {"x": rect.x / UNIT, "y": rect.y / UNIT, "width": rect.width / UNIT, "height": rect.height / UNIT}
