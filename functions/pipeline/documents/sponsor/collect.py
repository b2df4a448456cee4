"""Collects a sponsor's report from the documents of sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ...domain.model import Kind
from ...reports import spoken
from ...reports.appearances import page
from ...reports.corrections import corrected
from ...reports.measures.audience import Curve
from ...reports.measures.placements import Zone
from ...reports.measures.reading import Reading
from ...reports.observations import FOREVER
from ...reports.spoken import Said
from ...reports.sponsor.evidence import Frames
from ...reports.sponsor.mentions import Mentions
from ...reports.sponsor.mentions import spoken as said_of
from ...reports.sponsor.mentions import written as written_of
from ...reports.sponsor.money import Rates
from ...reports.sponsor.report import Part, Report
from .. import brands, results, sessions
from ..session_steps import steps
from ..spoken import transcripts
from . import corrections

_MOST_TEXTS = 5000  # appearances of text on the screen that are looked through for names, in each session
_MOST_BRANDS = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """A session, and from when to when (ms of media time)."""

    stream: str
    session: str
    start: int = 0
    end: int = FOREVER


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is asked to be. `audience`: the curve of a session, given the wall clock of its beginning."""

    kind: Kind
    brands: tuple[str, ...]
    tenant: str
    rates: Rates
    audience: Callable[[datetime | None], Curve | None]
    mentions: bool = True
    zones: tuple[Zone, ...] = ()


def collected(wanted: Iterable[Wanted], asked: Asked) -> Report:
    """The report of these sessions. Raises NotFound."""
    report = Report(asked.kind.value, asked.brands, asked.rates)
    read: list[Wanted] = []
    for number, one in enumerate(wanted):
        fields = sessions.get(one.stream, one.session)
        started = fields.get("started")
        reading = Reading(number, one.start, one.end, asked.zones, asked.audience(started))
        said = corrections.of_session(one.stream, one.session, asked.kind)
        since = 0 if said else one.start  # appearances are named from the beginning
        found = steps(one.stream, one.session, asked.kind, since, fields.get("fps"))
        report.add(Part(one.stream, one.session, started, reading, tuple(said)), corrected(found, said))
        read.append(one)
    if asked.mentions:
        report.mentions = _mentions(read, asked, report)
    return report


def frames(one: Wanted) -> Frames:
    """The sampled frames of a session."""
    found = list(results.frames(one.stream, one.session, one.start, one.end, ["snapshot"]))
    return Frames(
        one.stream, one.session, [at for at, _ in found], [str(fields.get("snapshot") or "") for _, fields in found]
    )


def _mentions(wanted: Sequence[Wanted], asked: Asked, report: Report) -> Mapping[str, Mentions]:
    names = _names({*asked.brands, *report.labels}, asked.tenant)
    found = {label: Mentions() for label in names}
    for number, one in enumerate(wanted):
        for label, times in said_of(_said(one), names).items():
            found[label].spoken += [(number, at) for at in times if one.start <= at < one.end]
        if asked.kind is not Kind.TEXT:
            texts = page(steps(one.stream, one.session, Kind.TEXT, one.start), _MOST_TEXTS).appearances
            for label, times in written_of(texts, names).items():
                found[label].written += [(number, at) for at in times if one.start <= at < one.end]
    return found


def _names(labels: Iterable[str], tenant: str) -> dict[str, Sequence[str]]:
    """What each brand is called."""
    known: dict[str, Sequence[str]] = {one.name: one.aliases for one in brands.list_all(_MOST_BRANDS, tenant=tenant)}
    return {label: (label, *known.get(label, ())) for label in labels}


def _said(one: Wanted) -> Iterator[Said]:
    first = transcripts.first_from(one.stream, one.session, one.start / 1000) if one.start else 0
    heard = transcripts.heard(one.stream, one.session, first, one.end / 1000)
    for _, words in spoken.joined(heard):
        yield from words
