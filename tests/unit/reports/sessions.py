"""Sessions for tests of reports: hand-made and drawn by hypothesis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from pipeline.reports.exposure import Exposure, Total, exposure
from pipeline.reports.model import UNIT, Look, Rect, Sight, Stretch
from pipeline.reports.observations import FOREVER, observations
from pipeline.reports.tracking import Step, followed


def seen(label: str = "Velox", x: float = 0.1, y: float = 0.1, width: float = 0.2, height: float = 0.1) -> Sight:
    return Sight(label, 9000, Rect(*(round(value * UNIT) for value in (x, y, width, height))))


def look(seconds: float, *sights: Sight, **flags: Any) -> Look:
    return Look(round(seconds * 1000), sights, **flags)


def failed(seconds: float, **flags: Any) -> Look:
    return Look(round(seconds * 1000), None, **flags)


@dataclass(frozen=True)
class Session:
    """Looks and stretches, both sorted."""

    looks: tuple[Look, ...]
    stretches: tuple[Stretch, ...]

    @property
    def length(self) -> int:
        return max((stretch.end for stretch in self.stretches), default=0)

    def steps(self) -> Iterable[Step]:
        return followed(observations(self.looks, self.stretches))

    def exposure(self, start: int = 0, end: int = FOREVER) -> Exposure:
        return exposure(self.steps(), start, end)


def session(*looks: Look, seconds: float = 10.0) -> Session:
    return Session(looks, (Stretch(0, round(seconds * 1000)),))


@st.composite
def sights(draw: st.DrawFn) -> Sight:
    x, y = draw(st.integers(0, UNIT - 1)), draw(st.integers(0, UNIT - 1))
    rect = Rect(x, y, draw(st.integers(1, UNIT - x)), draw(st.integers(1, UNIT - y)))
    label = draw(st.sampled_from(["Velox", "Nordal", "Ampere"]))
    return Sight(label, draw(st.integers(0, 10000)), draw(st.sampled_from([rect, rect, rect, None])))


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    """Segments with holes here and there; looks anywhere, some of them failed, unchanged or after a cut."""
    edges = sorted(draw(st.sets(st.integers(0, 30_000), max_size=12)))
    stretches = tuple(Stretch(a, b) for a, b in pairwise(edges) if draw(st.integers(0, 3)))
    some = st.lists(sights(), max_size=4).map(tuple)
    looks = tuple(
        Look(at, draw(st.one_of(st.none(), some, some)), draw(st.booleans()), draw(st.integers(0, 5)) == 0)
        for at in sorted(draw(st.sets(st.integers(0, 30_000), max_size=20)))
    )
    return Session(looks, stretches)


def merged(earlier: Exposure, later: Exposure) -> Exposure:
    """Two reports of one session, the second beginning where the first ends: the report of both ranges at once."""
    totals = {label: _joined(total, later.totals.get(label)) for label, total in earlier.totals.items()}
    totals |= {label: total for label, total in later.totals.items() if label not in totals}
    return Exposure(
        earlier.start,
        later.end,
        earlier.analysed + later.analysed,
        max(earlier.until, later.until),
        earlier.left_out + later.left_out,
        totals,
    )


def _joined(a: Total, b: Total | None) -> Total:
    if b is None:
        return a
    return Total(
        first=min(a.first, b.first),
        last=max(a.last, b.last),
        shown=a.shown + b.shown,
        begun=a.begun + b.begun,
        continued=a.continued,  # those of the second are the first's
        area=a.area + b.area,
        largest=max(a.largest, b.largest),
        sure=a.sure + b.sure,
    )
