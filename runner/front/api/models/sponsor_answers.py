"""The bodies of answers with sponsors' reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, field

from pipeline.domain.analysis import Share
from pipeline.domain.model import Kind

from .analysis_answers import Box
from .body import Amount, Body, Count, MediaTime, Seconds, Time
from .report_answers import WeightedShare

Number = Annotated[int, Meta(ge=0, description="the session's place in `sessions`")]


class EvidenceRange(Body):
    """A range of a session's media time that a figure is taken from."""

    session: Number
    start: MediaTime = field(name="from")
    end: MediaTime = field(name="to")


class TimedFigure(Body):
    """A time, and where it is to be seen."""

    seconds: Seconds
    ranges: list[EvidenceRange]
    cut: Annotated[bool, Meta(description="there are more ranges than are named")]


class PlacementFigure(TimedFigure):
    """A time in a zone."""

    screen_seconds: Annotated[Seconds, Meta(description="weighted with the share of the screen")]


class UnbrokenFigure(Body):
    """How long a brand stayed at a time."""

    runs: Count
    mean: Seconds
    longest: TimedFigure


class AudienceFigure(Body):
    """How many people saw it, by the curve that came with the request."""

    impressions: Amount
    viewer_seconds: Amount


class QualityFigure(Body):
    """An index, 0..100, and what it is made of."""

    index: Annotated[float, Meta(ge=0, le=100)] | None
    factors: Mapping[str, Share | None]


class Mention(Body):
    """When a brand was mentioned."""

    session: Number
    time: MediaTime


class MentionsFigure(Body):
    """How often, and when."""

    count: Count
    at: list[Mention]


class Voice(Body):
    """Share among the brands of the report."""

    seconds: Share
    screen: Annotated[Share, Meta(description="of seconds weighted with the share of the screen")]


class SponsoredLabel(Body):
    """All measures of one label."""

    label: str
    on_screen: TimedFigure
    share_of_time: Share
    share: WeightedShare
    appearances: Count
    continued: Count
    confidence: Share
    bands: Annotated[Mapping[str, TimedFigure], Meta(description="by share of the screen")]
    size: Share | None
    fields: Annotated[Mapping[str, TimedFigure], Meta(description="by the field of nine that it is in")]
    main_field: str | None
    position: Share | None
    cut_off: TimedFigure
    visibility: Share | None
    alone: TimedFigure
    beside: Annotated[Mapping[str, TimedFigure], Meta(description="by the label that is beside it")]
    most_beside: Count
    solus: Share | None
    unbroken: UnbrokenFigure
    duration: Share | None
    viewable: TimedFigure
    sharpness: Share | None
    sharpness_seconds: Seconds
    placements: Mapping[str, PlacementFigure]
    audience: AudienceFigure | None
    quality: QualityFigure
    voice: Voice
    spoken: MentionsFigure
    written: MentionsFigure
    value: Amount | None


class ReportedZone(Body):
    """A zone of the picture."""

    name: str
    property: str


class ReportedCorrection(Body):
    """What a person said of an appearance, or of all of a label; or one that they have drawn."""

    id: str
    kind: Kind
    action: Literal["confirm", "reject", "rename", "draw"]
    appearance: str | None
    was: Annotated[str | None, Meta(description="the label that it had")]
    label: Annotated[str | None, Meta(description="the label that it has now")]
    every: bool
    start: MediaTime | None = field(name="from")
    end: MediaTime | None = field(name="to")
    box: Box | None
    by: Annotated[str | None, Meta(description="a member; null: with the admin key")]
    at: Time | None


class ReportedSession(Body):
    """A session that a report is of."""

    stream: str
    session: str
    started: Time | None
    analysed_seconds: Seconds
    until: MediaTime
    zones: list[ReportedZone]
    corrections: Annotated[list[ReportedCorrection], Meta(description="what people have changed, the earliest first")]


class ReportedRates(Body):
    """The rates that came with the request."""

    currency: str
    per_thousand: Amount | None
    per_30_seconds: Amount | None
    weighted: bool


class Formulas(Body):
    """How figures are made."""

    viewable: str
    quality: str
    audience: str
    value: str | None


class Sponsorship(Body):
    """A sponsor's report."""

    kind: Kind
    brands: list[str]
    sessions: list[ReportedSession]
    analysed_seconds: Seconds
    left_out: Count
    labels: Annotated[list[SponsoredLabel], Meta(description="those longest on the screen first")]
    rates: ReportedRates | None
    formulas: Formulas


class SponsorshipAnswer(Body):
    """One report."""

    report: Sponsorship


class CorrectionAnswer(Body):
    """One correction."""

    correction: ReportedCorrection


class CorrectionList(Body):
    """The corrections of a session, the earliest first."""

    corrections: list[ReportedCorrection]


class FrozenId(Body):
    """A report that is frozen."""

    id: Annotated[str, Meta(description="the SHA-256 of its bytes")]


class Evidence(Body):
    """A frame that was kept with a report."""

    label: str
    session: Number
    time: MediaTime
    name: str


class FrozenReport(FrozenId):
    """A frozen report, as it was signed."""

    name: str
    signed_by: str
    by: Annotated[str | None, Meta(description="a member; null: with the admin key")]
    at: Time
    tenant: str
    report: Sponsorship
    evidence: list[Evidence]


class FrozenSession(Body):
    """A session of a frozen report."""

    stream: str
    session: str


class FrozenEntry(FrozenId):
    """A frozen report in a list."""

    name: str
    signed_by: str
    by: str | None
    at: Time
    labels: list[str]
    sessions: list[FrozenSession]


class FrozenList(Body):
    """Frozen reports, the newest first."""

    reports: list[FrozenEntry]
