"""A ledger of results: what arrived, when, and what is missing. Fed with documents as they become readable; pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pipeline.domain.errors import Failure
from pipeline.domain.model import Box


@dataclass(frozen=True, slots=True)
class Sighting:
    """A detection, and the media time (s) of its frame."""

    label: str
    kind: str
    confidence: float
    media_time: float
    box: Box | None


@dataclass(slots=True)
class _Segment:
    finalized: datetime
    done: datetime
    frames: tuple[int, ...]


@dataclass(slots=True)
class _Frame:
    fields: dict[str, Any]
    first: datetime | None = None  # when its visual properties could be read
    done: datetime | None = None  # when every kind was there, without an error


@dataclass(slots=True)
class Ledger:
    """One session's accounts. Documents may come in any order, and again."""

    expected: int | None = None
    segments: dict[int, _Segment] = field(default_factory=dict[int, _Segment])
    frames: dict[int, _Frame] = field(default_factory=dict[int, _Frame])
    session_error: str | None = None

    def see_session(self, fields: dict[str, Any]) -> None:
        """`ended` makes its count of segments final."""
        failure = Failure.read(fields.get("error"))
        self.session_error = failure and failure.message
        if fields.get("ended"):
            self.expected = int(fields.get("segments") or 0)

    def see_segment(self, fields: dict[str, Any], at: datetime) -> None:
        """That a segment was sampled, first readable `at`."""
        known = _Segment(fields["finalized_at"], at, tuple(fields.get("frames") or ()))
        self.segments.setdefault(int(fields["sequence"]), known)

    def see_frame(self, media_ms: int, fields: dict[str, Any], at: datetime) -> None:
        """A frame's document as it is `at` that moment."""
        frame = self.frames.setdefault(media_ms, _Frame(fields))
        frame.fields = fields
        if frame.first is None and fields.get("visual") is not None:
            frame.first = at
        if frame.done is None and is_complete(fields):
            frame.done = at

    @property
    def complete(self) -> bool:
        """Whether everything that the session holds has arrived."""
        return self.expected is not None and not self.missing()

    def missing(self) -> list[str]:
        """The results that have not arrived, in words."""
        if self.expected is None:
            return ["the session has not ended"]
        lost = [
            f"segment {sequence} was not sampled" for sequence in range(self.expected) if sequence not in self.segments
        ]
        wanted = sorted({ms for segment in self.segments.values() for ms in segment.frames} | set(self.frames))
        for media_ms in wanted:
            frame = self.frames.get(media_ms)
            if frame is None or frame.done is None:
                lost.append(f"the frame at {media_ms / 1000:.3f} s {_lacks(frame.fields if frame else {})}")
        return lost

    def errors(self) -> list[str]:
        """The providers' errors, about frames that they could not analyse and about the session."""
        found = [f"session: {self.session_error}"] if self.session_error else []
        for media_ms, frame in sorted(self.frames.items()):
            for kind, analysis in sorted((frame.fields.get("analyses") or {}).items()):
                if failure := Failure.read(analysis.get("error")):
                    found.append(f"frame at {media_ms / 1000:.3f} s, {kind}: {failure.message}")
        return found

    def first_latencies(self) -> list[float]:
        """Per segment: seconds from finalised to its first result, a frame's visual properties or the segment's own."""
        return [
            (min([s.done, *(f.first for f in self._frames_of(s) if f.first)]) - s.finalized).total_seconds()
            for s in self.segments.values()
        ]

    def all_latencies(self) -> list[float]:
        """Per segment whose results are all there: seconds from finalised to the last of them."""
        found: list[float] = []
        for segment in self.segments.values():
            done = [frame.done for frame in self._frames_of(segment)]
            if None not in done:
                last = max([segment.done, *(at for at in done if at)])
                found.append((last - segment.finalized).total_seconds())
        return found

    def sightings(self) -> list[Sighting]:
        """Every detection, in order of media time."""
        frames = sorted(self.frames.items())
        return [sighting for media_ms, frame in frames for sighting in sightings_of(media_ms, frame.fields)]

    def looked(self) -> list[float]:
        """The media times of all frames, in order."""
        return [float(frame.fields.get("media_time", ms / 1000)) for ms, frame in sorted(self.frames.items())]

    def _frames_of(self, segment: _Segment) -> list[_Frame]:
        return [self.frames.get(media_ms) or _Frame({}) for media_ms in segment.frames]


def is_complete(fields: dict[str, Any]) -> bool:
    """Whether a frame's document holds an analysis without error for every kind that was asked for."""
    kinds, analyses = fields.get("kinds"), fields.get("analyses") or {}
    return kinds is not None and all(kind in analyses and not analyses[kind].get("error") for kind in kinds)


def sightings_of(media_ms: int, fields: dict[str, Any]) -> list[Sighting]:
    """The detections of a frame's document."""
    media_time = float(fields.get("media_time", media_ms / 1000))
    return [
        Sighting(d["label"], d["kind"], d["confidence"], media_time, Box(**d["box"]) if d.get("box") else None)
        for _, analysis in sorted((fields.get("analyses") or {}).items())
        for d in analysis.get("detections") or ()
    ]


def _lacks(fields: dict[str, Any]) -> str:
    if "visual" not in fields:
        return "was not written by sample"
    if "kinds" not in fields:
        return "was not written by detect"
    analyses = fields.get("analyses") or {}
    return "lacks " + ", ".join(kind for kind in fields["kinds"] if analyses.get(kind, {"error": True}).get("error"))
