"""The bodies of answers with results: frames, detections, tracks, words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, field

from pipeline.domain.analysis import Share
from pipeline.domain.errors import Code
from pipeline.domain.model import Kind

from .analysis_answers import Box
from .body import Body, Count, MediaTime, Next, Time
from .report_answers import TrackPoint

_ItemId = Annotated[str, Meta(description="sorts by media time")]


_Corners = Annotated[
    list[float] | None,
    Meta(
        description="x and y of the four corners of a flat thing, clockwise from its own upper left, in 0..1 of the "
        "frame; null where only its box is known"
    ),
]


class AnalysisError(Body):
    """Why a frame was not analysed."""

    code: Code
    message: str


class FoundOnFrame(Body):
    """One thing that is on a frame."""

    label: str
    confidence: Share
    box: Box | None
    corners: _Corners


class FrameAnalysis(Body):
    """What one provider has found on a frame."""

    provider: str
    model: str
    took_ms: Count
    threshold: Annotated[Share | None, Meta(description="the least confidence that was kept")]
    error: AnalysisError | None
    detections: list[FoundOnFrame]


class Frame(Body):
    """A frame that was looked at."""

    id: str
    time: MediaTime
    program_date_time: Time
    segment: Annotated[Count, Meta(description="sequence of its segment")]
    reason: Annotated[str, Meta(description="why it was looked at")]
    width: Count
    height: Count
    analyses: Annotated[Mapping[str, FrameAnalysis], Meta(description="by kind; those that are there so far")]


class FramePage(Body):
    """Frames, in order of media time."""

    frames: list[Frame]
    next: Next


class FoundDetection(Body):
    """A detection, and the frame that it is on."""

    id: _ItemId
    time: MediaTime
    label: str
    confidence: Share
    kind: Kind
    box: Box | None
    corners: _Corners
    provider: str


class DetectionPage(Body):
    """Detections, in order of media time."""

    detections: list[FoundDetection]
    next: Next


class FollowedTrack(Body):
    """Where a box was between two frames that were looked at."""

    id: _ItemId
    kind: Kind
    label: str
    start: MediaTime = field(name="from")
    end: MediaTime = field(name="to")
    track: list[TrackPoint]


class TrackPage(Body):
    """Tracks, in order of the frames that they lead on from."""

    tracks: list[FollowedTrack]
    next: Next


class SpokenWord(Body):
    """A word that was said."""

    text: str
    start: MediaTime
    end: MediaTime
    confidence: Share | None
    speaker: Annotated[str | None, Meta(description="tells speakers apart, where the recogniser does")]


class SpokenSegment(Body):
    """What was said in a segment."""

    segment: Annotated[Count, Meta(description="its sequence")]
    language: str | None
    final: Annotated[bool, Meta(description="heard with all of the session, once it had ended")]
    words: list[SpokenWord]


class TranscriptPage(Body):
    """A transcript, in order of media time."""

    segments: list[SpokenSegment]
    next: Next
