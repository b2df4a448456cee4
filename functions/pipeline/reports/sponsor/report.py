"""A report: the measures of each brand, added up over the parts that it is of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..corrections import Correction
from ..measures import audience, quality, viewable
from ..measures.measure import Measure
from ..measures.reading import Reading
from ..measures.table import MEASURES
from ..tracking import Step
from .mentions import Mentions
from .money import Rates, value

MOST_LABELS = 500
"""The most labels of one report. Appearances of later ones count as `left_out`."""


@dataclass(frozen=True, slots=True)
class Part:
    """A session, or a range of it, and how it is read. `started`: the wall clock of media time 0; `corrections`: what
    people have changed."""

    stream: str
    session: str
    started: datetime | None
    reading: Reading
    corrections: tuple[Correction, ...] = ()


@dataclass(slots=True)
class Report:
    """Of `kind`. `brands`: the labels that it is of, in this order; all without. `mentions` in words, by label."""

    kind: str
    brands: tuple[str, ...] = ()
    rates: Rates = field(default_factory=Rates)
    parts: list[Part] = field(default_factory=list[Part])
    labels: dict[str, dict[str, Measure]] = field(default_factory=dict[str, dict[str, Measure]])
    mentions: Mapping[str, Mentions] = field(default_factory=dict[str, Mentions])
    left_out: int = 0

    def add(self, part: Part, steps: Iterable[Step]) -> None:
        """Adds the steps of a part, in order. What is on the screen beside its brands counts as clutter only."""
        self.parts.append(part)
        for step in steps:
            if step.observation.at >= part.reading.end:
                break
            for moment in part.reading.moments(step):
                if self.brands and moment.label not in self.brands:
                    continue
                if moment.label not in self.labels and len(self.labels) >= MOST_LABELS:
                    self.left_out += moment.begun
                    continue
                for measure in self._measures(moment.label):
                    measure.add(moment)

    def _measures(self, label: str) -> Iterable[Measure]:
        if label not in self.labels:
            self.labels[label] = {name: make() for name, make in MEASURES.items()}
        return self.labels[label].values()

    def told(self) -> dict[str, Any]:
        """The report as JSON: times in seconds, shares in 0..1; those longest on the screen first."""
        for label in self.brands:
            self._measures(label)
        known = sum(part.reading.analysed for part in self.parts) / 1000
        labels = [self._label(label, measures, known) for label, measures in self.labels.items()]
        labels.sort(key=lambda one: (-one["on_screen"]["seconds"], -one["share"]["seconds"], one["label"]))
        _voices(labels)
        return {
            "kind": self.kind,
            "brands": list(self.brands),
            "sessions": [_session(part) for part in self.parts],
            "analysed_seconds": known,
            "left_out": self.left_out,
            "labels": labels,
            "rates": self.rates.told(),
            "formulas": {
                "viewable": viewable.RULE,
                "quality": quality.FORMULA,
                "audience": audience.FORMULA,
                "value": self.rates.formula(),
            },
        }

    def _label(self, label: str, measures: Mapping[str, Measure], known: float) -> dict[str, Any]:
        told: dict[str, Any] = {"label": label}
        for measure in measures.values():
            told |= measure.told()
        told["share_of_time"] = round(told["on_screen"]["seconds"] / known, 6) if known else 0.0
        told |= quality.quality(told)
        told |= self.mentions.get(label, Mentions()).told()
        told["value"] = value(told, self.rates)
        return told


def _voices(labels: Sequence[dict[str, Any]]) -> None:
    """Share of voice among the labels of the report: of their seconds, and of their seconds times share of screen."""
    seconds = sum(one["on_screen"]["seconds"] for one in labels)
    screen = sum(one["share"]["seconds"] for one in labels)
    for one in labels:
        one["voice"] = {
            "seconds": round(one["on_screen"]["seconds"] / seconds, 6) if seconds else 0.0,
            "screen": round(one["share"]["seconds"] / screen, 6) if screen else 0.0,
        }


def _session(part: Part) -> dict[str, Any]:
    reading = part.reading
    return {
        "stream": part.stream,
        "session": part.session,
        "started": part.started.isoformat() if part.started else None,
        "analysed_seconds": reading.analysed / 1000,
        "until": reading.until / 1000,
        "zones": [{"name": zone.name, "property": zone.property} for zone in reading.zones],
        "corrections": [one.told() for one in part.corrections],
    }
