"""The bodies of answers about clips."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, field

from pipeline.domain.clips import ClipState, Cut
from pipeline.domain.model import Kind

from .body import Amount, Body, Count, MediaTime, Next, Seconds, Time
from .people_answers import ShareLink


class Asked(Body):
    """What was asked for."""

    start: float | None = field(name="from")
    end: float | None = field(name="to")
    appearance: str | None
    label: str | None
    at: float | None
    kind: Kind
    before: Seconds
    after: Seconds
    boxes: bool
    cut: Cut


class Chapter(Body):
    """A part of a clip, from `start` to `end` (s of the clip)."""

    start: Seconds
    end: Seconds
    media_time: Annotated[MediaTime, Meta(description="media time of its first picture")]
    title: str


class Clip(Body):
    """A clip."""

    id: str
    session: str
    asked: Asked
    state: ClipState
    share: Annotated[Amount, Meta(le=1, description="how much of it is made")]
    object: Annotated[str | None, Meta(description="relative to the `url` of a grant of the stream's media")]
    size: Annotated[Count | None, Meta(description="bytes")]
    duration: Annotated[Seconds | None, Meta(description="seconds; 0: a still picture")]
    chapters: list[Chapter]
    error: str | None
    created: Time | None
    created_by: Annotated[str | None, Meta(description="a member; null: made with the admin key")]


class ClipAnswer(Body):
    """One clip."""

    clip: Clip


class SharedClip(Body):
    """A link to a clip."""

    share: ShareLink
    url: Annotated[str, Meta(description="where those who have the link read the clip, on the API's origin")]


class ClipPage(Body):
    """Clips, the newest first."""

    clips: list[Clip]
    next: Next
