"""Exposure of each label: its time and size on the screen. A fold over steps that holds one total per label."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .model import SURE, UNIT, Sight
from .observations import FOREVER
from .tracking import Step, covered

MAX_LABELS = 5000
"""The most labels of one report. Text can have any number: later ones count as `left_out`."""
_SCREEN = UNIT * UNIT


@dataclass(slots=True)
class Total:
    """Totals of a label. `shown` in ms; `area` in UNIT²·ms, `largest` in UNIT²; `sure` in SUREths·ms.

    `begun` and `continued` are its appearances: those that begin in the range, and those that were on when it began.
    """

    first: int
    last: int
    shown: int = 0
    begun: int = 0
    continued: int = 0
    area: int = 0
    largest: int = 0
    sure: int = 0

    @property
    def appearances(self) -> int:
        """The number of appearances."""
        return self.begun + self.continued

    @property
    def seconds(self) -> float:
        """Seconds on the screen, however many there were at a time."""
        return self.shown / 1000

    @property
    def share(self) -> float:
        """Mean share of the screen, 0..1, while it was on."""
        return self.area / self.shown / _SCREEN if self.shown else 0.0

    @property
    def largest_share(self) -> float:
        """Largest share of the screen, 0..1."""
        return self.largest / _SCREEN

    @property
    def screen_seconds(self) -> float:
        """Seconds weighted with the share of the screen: those of a label that filled it."""
        return self.area / _SCREEN / 1000

    @property
    def confidence(self) -> float:
        """Mean confidence, 0..1, while it was on; of several at a time, that of the surest."""
        return self.sure / self.shown / SURE if self.shown else 0.0


@dataclass(slots=True)
class Exposure:
    """Totals by label of media time `start` to before `end` (ms). `analysed` is how many ms of it were analysed,
    `until` the end of the last one. `left_out` counts appearances of labels beyond MAX_LABELS."""

    start: int = 0
    end: int = FOREVER
    analysed: int = 0
    until: int = 0
    left_out: int = 0
    totals: dict[str, Total] = field(default_factory=dict[str, Total])
    _begun: bool = False

    def add(self, step: Step) -> None:
        """Counts the part of a step that lies in the range."""
        seen = step.observation
        at, until = max(seen.at, self.start), min(seen.until, self.end)
        # A step without duration has detections, but no time.
        if until < at or at >= self.end or (at == until != seen.at):
            return
        self.analysed += until - at
        self.until = max(self.until, until)
        for label, indices in _by_label(step).items():
            if total := self._total(label, at):
                sights = [seen.sights[i] for i in indices]
                _count(total, at, until, _area(sights), max(one.confidence for one in sights))
                begun = sum(1 for i in indices if step.before[i] is None and seen.at >= self.start)
                total.begun += begun
                total.continued += 0 if self._begun else len(indices) - begun
            else:
                self.left_out += sum(1 for i in indices if step.before[i] is None)
        self._begun = True

    def _total(self, label: str, at: int) -> Total | None:
        if label not in self.totals and len(self.totals) < MAX_LABELS:
            self.totals[label] = Total(at, at)
        return self.totals.get(label)

    def ranked(self) -> list[tuple[str, Total]]:
        """The labels, those longest on the screen first."""
        return sorted(self.totals.items(), key=lambda item: (-item[1].shown, -item[1].area, item[0]))


def exposure(steps: Iterable[Step], start: int = 0, end: int = FOREVER) -> Exposure:
    """The exposure of `steps`, in order, within media time `start` to before `end`, in ms."""
    report = Exposure(start, end)
    for step in steps:
        if step.observation.at >= end:
            break
        report.add(step)
    return report


def _count(total: Total, at: int, until: int, area: int, sure: int) -> None:
    time = until - at
    total.last = max(total.last, until)
    total.shown += time
    total.area += area * time
    total.largest = max(total.largest, area)
    total.sure += sure * time


def _area(sights: Sequence[Sight]) -> int:
    """What things of one label cover, in UNIT²: overlaps of their boxes once, and of a box what its corners leave."""
    boxes = [(one.rect, one.fill) for one in sights if one.rect]
    whole = sum(rect.area for rect, _ in boxes)
    filled = sum(rect.area * fill for rect, fill in boxes) // SURE
    return covered([rect for rect, _ in boxes]) * filled // whole if whole else 0


def _by_label(step: Step) -> Mapping[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index, sight in enumerate(step.observation.sights):
        found.setdefault(sight.label, []).append(index)
    return found
