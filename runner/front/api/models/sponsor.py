"""The bodies of requests for sponsors' reports."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from pipeline.domain.analysis import Share
from pipeline.domain.model import Kind
from pipeline.domain.names import MAX_SESSION_SECONDS, SESSION_ID, STREAM_ID
from pipeline.domain.shapes import must
from pipeline.reports.appearances import APPEARANCE_ID

from .requests import Seconds

Viewers = Annotated[float, must("be a number of viewers, from 0 on", ge=0, lt=1e12)]
Amount = Annotated[float, must("be an amount of money, from 0 on", ge=0, lt=1e12)]
_FROM = Meta(description="media time in seconds")


class Point(Struct, forbid_unknown_fields=True, kw_only=True):
    """So many viewers from a time on: `at` on the wall clock, or `time` in seconds of media time."""

    viewers: Viewers
    at: Annotated[datetime, must("be a date and time of RFC 3339, with its zone", tz=True)] | None = None
    time: Annotated[float, must("be seconds of media time", gt=-1e9, lt=MAX_SESSION_SECONDS)] | None = None


class Audience(Struct, forbid_unknown_fields=True):
    """The curve of viewers, by its points in any order."""

    points: Annotated[list[Point], must("be a list of at most 20000 points", max_length=20_000)]


class RateCard(Struct, forbid_unknown_fields=True):
    """The user's own rates: without one no figure has a value in money."""

    currency: Annotated[str, must("be a currency's code of three letters, such as EUR", pattern=r"^[A-Z]{3}(?!\n)$")]
    per_thousand: Annotated[Amount, Meta(description="for 1,000 impressions")] | None = None
    per_30_seconds: Annotated[Amount, Meta(description="for 30 seconds on the screen")] | None = None
    weighted: Annotated[bool, Meta(description="whether values are multiplied with quality / 100")] = False


class Place(Struct, forbid_unknown_fields=True):
    """A box, in 0..1 of the frame."""

    x: Share
    y: Share
    width: Share
    height: Share


class ZoneOfPicture(Struct, forbid_unknown_fields=True):
    """A part of the picture, for things of one property."""

    name: Annotated[str, must("be 1 to 200 characters", min_length=1, max_length=200, pattern=r"\S")]
    property: Annotated[
        str, must("be 1 to 200 characters", min_length=1, max_length=200, examples=["board", "shirt", "graphic"])
    ]
    box: Place


class Report(Struct, forbid_unknown_fields=True, kw_only=True):
    """What every sponsor's report is asked."""

    kind: Kind = Kind.LOGO
    brands: Annotated[
        list[Annotated[str, Meta(min_length=1, max_length=200)]],
        must(
            "be a list of at most 100 labels of 1 to 200 characters",
            max_length=100,
            description="the labels that it is of, as they are written in results; all without",
        ),
    ] = []
    zones: Annotated[list[ZoneOfPicture], must("be a list of at most 50 zones", max_length=50)] = []
    audience: Audience | None = None
    rates: RateCard | None = None
    mentions: Annotated[bool, Meta(description="whether it counts where brands are said and written")] = True


class OfSession(Report, kw_only=True):
    """Of POST /streams/{stream}/sessions/{session}/sponsorship."""

    start: Annotated[Seconds, _FROM] | UnsetType = field(default=UNSET, name="from")
    end: Annotated[Seconds, _FROM] | UnsetType = field(default=UNSET, name="to")


class SessionPart(Struct, forbid_unknown_fields=True, kw_only=True):
    """A session, or a range of it."""

    stream: Annotated[str, must("be a stream's id", pattern=rf"^{STREAM_ID}(?!\n)$")]
    session: Annotated[str, must("be a session's id", pattern=rf"^{SESSION_ID}(?!\n)$")]
    start: Annotated[Seconds, _FROM] | UnsetType = field(default=UNSET, name="from")
    end: Annotated[Seconds, _FROM] | UnsetType = field(default=UNSET, name="to")


class OfMany(Report, kw_only=True):
    """Of POST /sponsorship."""

    sessions: Annotated[list[SessionPart], must("be a list of 1 to 100 sessions", min_length=1, max_length=100)]


class Signed(OfMany, kw_only=True):
    """Of POST /reports."""

    name: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S", description="the report's title")]
    signed_by: Annotated[
        str, Meta(min_length=1, max_length=200, pattern=r"\S", description="the name it is signed with")
    ]


Label = Annotated[str, must("be a label of 1 to 200 characters", min_length=1, max_length=200, pattern=r"\S")]


class Verdict(Struct, forbid_unknown_fields=True, kw_only=True):
    """Of POST /streams/{stream}/sessions/{session}/corrections: of an appearance."""

    action: Literal["confirm", "reject", "rename"]
    appearance: Annotated[str, must("be an appearance's id", pattern=rf"^{APPEARANCE_ID}(?!\n)$")]
    kind: Kind = Kind.LOGO
    label: Annotated[Label, Meta(description="its new one, to rename it")] | None = None
    every: Annotated[bool, Meta(description="of all appearances of that label in the session")] = False


class Drawing(Struct, forbid_unknown_fields=True, kw_only=True):
    """Of POST /streams/{stream}/sessions/{session}/corrections: an appearance that is missing."""

    action: Literal["draw"]
    label: Label
    box: Place
    start: Annotated[Seconds, _FROM] = field(name="from")
    end: Annotated[Seconds, _FROM] = field(name="to")
    kind: Kind = Kind.LOGO
