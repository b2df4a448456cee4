"""The bodies of answers with reports: exposure, appearances, costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, field

from pipeline.domain.analysis import Share
from pipeline.domain.model import Kind
from pipeline.reports.appearances import POINTS

from .analysis_answers import Box
from .body import Body, Count, MediaTime, Next, Seconds, Time


class ScreenShare(Body):
    """A share of the screen."""

    mean: Share
    max: Share


class WeightedShare(ScreenShare):
    """A share of the screen, also weighted with time."""

    seconds: Annotated[
        Seconds, Meta(description="seconds weighted with the share: those of a label that filled the screen")
    ]


class ExposedLabel(Body):
    """One label of a report."""

    label: str
    seconds: Annotated[Seconds, Meta(description="on the screen, however many at a time")]
    share_of_time: Annotated[Share, Meta(description="of `analysed_seconds`")]
    appearances: Count
    continued: Annotated[Count, Meta(description="of the appearances, those that were on when the range began")]
    first: MediaTime
    last: MediaTime
    first_at: Time | None
    last_at: Time | None
    share: WeightedShare
    confidence: Share


class Exposure(Body):
    """How long, and how large, each label was on the screen."""

    kind: Kind
    media_seconds: float | None
    ended: Time | None
    analysed_seconds: Annotated[Seconds, Meta(description="for how long anything is known")]
    until: Annotated[Seconds, Meta(description="media time up to which it is")]
    left_out: Annotated[Count, Meta(description="appearances of labels beyond the 5000 that one report holds")]
    labels: Annotated[list[ExposedLabel], Meta(description="those longest on the screen first")]


class ExposureAnswer(Body):
    """One report."""

    exposure: Exposure


class TrackPoint(Body):
    """A place of an appearance at a time."""

    time: MediaTime
    box: Box


class Appearance(Body):
    """An appearance of a label, from the frame on which it came to the one on which it had gone."""

    id: str
    label: str
    start: MediaTime = field(name="from")
    end: MediaTime = field(name="to")
    seconds: Annotated[Seconds, Meta(description="known to be there")]
    looks: Annotated[int, Meta(ge=1)]
    confidence: Annotated[Share, Meta(description="the highest")]
    share: ScreenShare
    track: Annotated[
        list[TrackPoint],
        Meta(max_length=POINTS, description="where it was; empty where a label is for the whole frame"),
    ]


class AppearancePage(Body):
    """Appearances, in order of their beginning."""

    appearances: list[Appearance]
    next: Next


class BillLine(Body):
    """One item of a bill."""

    item: str
    quantity: Annotated[float, Meta(ge=0, description="in `unit`")]
    unit: str
    usd: float


Bill = Annotated[list[BillLine], Meta(description="the dearest first")]


class Calls(Body):
    """Calls of one provider for one kind."""

    provider: str
    kind: Kind
    calls: Count
    failed: Count


class Usage(Body):
    """What a session has used."""

    media_seconds: float
    segments: Count
    frames: Count
    calls: list[Calls]
    busy_seconds: Annotated[Mapping[str, float], Meta(description="by provider")]
    gpu_seconds: Annotated[Seconds, Meta(description="from the first answer of `clip` to the last")]
    speech_seconds: Annotated[Seconds, Meta(description="of sound, as Speech-to-Text bills them")]


class FixedRate(Body):
    """The cost, had a fixed number of frames of each second been analysed."""

    frames_per_second: float
    frames: Count
    usd_per_hour: float | None
    usd: float
    lines: Bill


class Cost(Body):
    """What a session has used, and what that costs."""

    ended: Time | None
    currency: str
    as_of: Annotated[str, Meta(description="of the price list", extra_json_schema={"format": "date"})]
    region: str
    usage: Usage
    usd: float
    lines: Bill
    usd_per_hour: float | None
    fixed: FixedRate


class CostAnswer(Body):
    """The cost of one session."""

    cost: Cost
