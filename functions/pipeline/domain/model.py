"""The types of the domain: streams, segments, frames, detections, settings.

Media time is seconds from the session's first frame. `program_date_time` is the wall clock of the same instant, UTC.
Boxes are in 0..1 of the frame, from its top left corner.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from .errors import Failure
from .people import UNSAID, Visibility


class StreamState(StrEnum):
    """State of a stream."""

    IDLE = "idle"
    CONNECTING = "connecting"
    LIVE = "live"
    RECONNECTING = "reconnecting"
    ENDED = "ended"
    ERROR = "error"


class ImportState(StrEnum):
    """State of the import of a file."""

    STARTING = "starting"
    RUNNING = "running"
    DONE = "done"
    ERROR = "error"


class Kind(StrEnum):
    """Kind of detection."""

    LOGO = "logo"
    TEXT = "text"
    OBJECT = "object"
    LABEL = "label"
    FACE = "face"
    SAFE_SEARCH = "safe_search"


BOXED = frozenset({Kind.LOGO, Kind.TEXT, Kind.OBJECT, Kind.FACE})
"""The kinds whose detections have boxes."""


class Reason(StrEnum):
    """Reason for which a frame was sent on to the detectors."""

    FIRST = "first"
    CUT = "cut"
    CHANGE = "change"
    INTERVAL = "interval"


@dataclass(frozen=True, slots=True)
class SegmentRef:
    """Identifies a segment. `sequence` counts from 0 within the session."""

    stream: str
    session: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A finalised segment: `media_time` and `duration` in seconds."""

    ref: SegmentRef
    media_time: float
    duration: float
    program_date_time: datetime
    discontinuity: bool = False


@dataclass(frozen=True, slots=True)
class FrameRef:
    """Identifies a sampled frame. `media_ms` is its media time in milliseconds."""

    stream: str
    session: str
    media_ms: int


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in 0..1 of the frame."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Detection:
    """One thing that a provider found. `box` is None if it concerns the whole frame. `corners`: x and y of the four
    corners of a flat thing, one after the other, clockwise from its own upper left, in 0..1 of the frame; they may lie
    outside."""

    label: str
    confidence: float
    kind: Kind
    box: Box | None = None
    corners: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class TrackPoint:
    """The box of a thing at an instant: `ms` of media time."""

    ms: int
    box: Box


@dataclass(frozen=True, slots=True)
class Track:
    """Where a thing is from its first point to its last; linear between two points.

    `confidence`: that of a detection further away, if neither of the two frames has one of this thing. `sharpness`: of
    its picture on one of them, 0..1, if there is enough to see.
    """

    kind: Kind
    label: str
    points: tuple[TrackPoint, ...]
    confidence: float | None = None
    sharpness: float | None = field(default=None, compare=False)

    def at(self, ms: int) -> Box | None:
        """The box at an instant; None before the first point and after the last."""
        if not self.points or not self.points[0].ms <= ms <= self.points[-1].ms:
            return None
        number = bisect_right(self.points, ms, key=lambda point: point.ms)
        before, after = self.points[number - 1], self.points[min(number, len(self.points) - 1)]
        share = (ms - before.ms) / (after.ms - before.ms) if after.ms > before.ms else 0.0
        a, b = before.box, after.box
        sides = ((a.x, b.x), (a.y, b.y), (a.width, b.width), (a.height, b.height))
        return Box(*(one + (other - one) * share for one, other in sides))


@dataclass(frozen=True, slots=True)
class Color:
    """A dominant colour: `hex` as #rrggbb, `share` of the picture in 0..1."""

    hex: str
    share: float


@dataclass(frozen=True, slots=True)
class Visual:
    """Visual properties of a frame: brightness, contrast and saturation in 0..1, dominant colours first."""

    brightness: float
    contrast: float
    saturation: float
    colors: tuple[Color, ...] = ()


@dataclass(frozen=True, slots=True)
class Analysis:
    """The result of one provider for one kind on one frame. With an `error` there are no detections.

    `fallback_from`: the preferred provider, if another one looked instead while it rested after failures or for the
    day's budget. `threshold`: the least confidence that was kept, but for brands with one of their own. `revision`: the
    configuration's. `digest`: of the model's weights, or of the code that looks; None where a service does not say.
    `device`: that of a service, such as `cuda`.
    """

    kind: Kind
    provider: str
    model: str
    took_ms: int
    detections: tuple[Detection, ...] = ()
    error: Failure | None = None
    fallback_from: str | None = None
    threshold: float | None = None
    revision: str | None = None
    digest: str | None = None
    device: str | None = None


@dataclass(frozen=True, slots=True)
class SampledFrame:
    """A frame that the gate sent on. `motion` is 0 (still) to 1, against the previous look; `finalized_at` is when its
    segment became durable."""

    ref: FrameRef
    media_time: float
    segment: int
    finalized_at: datetime
    program_date_time: datetime
    reason: Reason
    width: int
    height: int
    visual: Visual
    motion: float
    snapshot: str


@dataclass(frozen=True, slots=True)
class SampledSegment:
    """The outcome of sampling a segment: the number of frames `looked_at`, those that were sent on (media_ms), and, if
    there are none, the frame whose results the segment inherits. `motion` is the mean over its looks; `size` in bytes.
    """

    segment: Segment
    finalized_at: datetime
    looked_at: int
    frames: tuple[int, ...]
    same_as: int | None
    motion: float
    size: int = 0


@dataclass(frozen=True, slots=True)
class Word:
    """A spoken word, from `start` to `end` (s of media time). `confidence` is in 0..1, None if unknown. `speaker` tells
    the speakers of a final transcript apart ("1", "2"), if the recogniser does."""

    text: str
    start: float
    end: float
    confidence: float | None = None
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """The words of a segment. Of words that two segments heard, those of the later one count from `begins` (s of media
    time) on: it heard them whole. `seconds` is the audio that was billed. With an `error` there are no words."""

    segment: Segment
    begins: float
    words: tuple[Word, ...] = ()
    language: str | None = None
    model: str = ""
    seconds: float = 0.0
    took_ms: int = 0
    error: Failure | None = None


@dataclass(frozen=True, slots=True)
class SpeechSettings:
    """Transcription on or off, and its languages (BCP 47). None and empty: not set here."""

    enabled: bool | None = None
    languages: tuple[str, ...] = ()

    def over(self, base: SpeechSettings) -> SpeechSettings:
        """`base`, overridden by these settings."""
        enabled = base.enabled if self.enabled is None else self.enabled
        return SpeechSettings(enabled, self.languages or base.languages)

    def fields(self) -> dict[str, Any]:
        """The fields that are set here, as documents and JSON hold them."""
        enabled = {} if self.enabled is None else {"enabled": self.enabled}
        return enabled | ({"languages": list(self.languages)} if self.languages else {})


@dataclass(frozen=True, slots=True)
class OwnProvider:
    """A provider that the configuration adds: one more of a `type`, under a name of its own.

    `address`, for a type that is a service; `model`: the one that must run there. `threshold`: nothing below it counts.
    `key`: what the service wants to see, sealed (detection.service.sealed).
    """

    type: str
    address: str = ""
    model: str = ""
    threshold: float | None = None
    key: str = field(default="", repr=False)

    def fields(self, *, keys: bool = True) -> dict[str, Any]:
        """As documents and JSON hold it; answers do without `keys`."""
        said = {"type": self.type, "address": self.address, "model": self.model, "threshold": self.threshold}
        said |= {"key": self.key} if keys else {}
        return {name: value for name, value in said.items() if value not in ("", None)}


@dataclass(frozen=True, slots=True)
class AnalysisSettings:
    """Analysis settings of the deployment (`config/analysis`) or of a stream. Empty: not set here.

    `providers` are in order of preference; `threshold` is the least confidence of a detection that is kept; `endpoints`
    are the addresses of remote providers (`places` in documents and JSON); `own_providers` are more providers, by name;
    `words` are the objects and scenes that providers look for who are told in words.
    pipeline.domain.analysis checks them.
    """

    kinds: tuple[Kind, ...] = ()
    providers: Mapping[Kind, tuple[str, ...]] = field(default_factory=dict[Kind, tuple[str, ...]])
    threshold: Mapping[Kind, float] = field(default_factory=dict[Kind, float])
    brands: tuple[str, ...] = ()
    sampling: Mapping[str, float] = field(default_factory=dict[str, float])
    endpoints: Mapping[str, str] = field(default_factory=dict[str, str])
    speech: SpeechSettings = SpeechSettings()
    own_providers: Mapping[str, OwnProvider] = field(default_factory=dict[str, OwnProvider])
    words: Mapping[Kind, tuple[str, ...]] = field(default_factory=dict[Kind, tuple[str, ...]])

    def over(self, base: AnalysisSettings) -> AnalysisSettings:
        """`base`, overridden by these settings."""
        return AnalysisSettings(
            self.kinds or base.kinds,
            {**base.providers, **self.providers},
            {**base.threshold, **self.threshold},
            self.brands or base.brands,
            {**base.sampling, **self.sampling},
            {**base.endpoints, **self.endpoints},
            self.speech.over(base.speech),
            {**base.own_providers, **self.own_providers},
            {**base.words, **self.words},
        )

    def fields(self, *, endpoints: bool = True, keys: bool = True) -> dict[str, Any]:
        """As documents and JSON hold them; `domain.analysis.parse` is the inverse. Streams have no `places` and no
        `own_providers`, answers no `keys` of these."""
        fields: dict[str, Any] = {
            "kinds": [kind.value for kind in self.kinds],
            "providers": {kind.value: list(names) for kind, names in self.providers.items()},
            "threshold": {kind.value: value for kind, value in self.threshold.items()},
            "brands": list(self.brands),
            "sampling": dict(self.sampling),
            "speech": self.speech.fields(),
            "words": {kind.value: list(words) for kind, words in self.words.items()},
        }
        if not endpoints:
            return fields
        own = {name: one.fields(keys=keys) for name, one in self.own_providers.items()}
        return {**fields, "places": dict(self.endpoints), "own_providers": own}


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand and its other names.

    `prompts` describe it to CLIP, `references` are objects with its mark, `threshold` is its own; None: the stream's.
    `version` changes whenever the brand does. It is looked for in the streams of its `tenant`.
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    threshold: float | None = None
    enabled: bool = True
    version: str = ""
    tenant: str = ""


@dataclass(frozen=True, slots=True)
class Stream:
    """The document of a stream. Its key is stored apart, hashed. `reconnect_until`: while it is reconnecting, until
    when its session waits for the sender.

    `viewers` are ids of members who may see it whatever its `visibility`; `created_by` is the one who made it, None for
    the deployment's admin key.
    """

    id: str
    name: str
    state: StreamState = StreamState.IDLE
    source: str | None = None
    session: str | None = None
    settings: AnalysisSettings = field(default_factory=AnalysisSettings)
    last_segment_at: datetime | None = None
    error: Failure | None = None
    created: datetime | None = None
    reconnect_until: datetime | None = None
    tenant: str = ""
    visibility: Visibility = UNSAID
    viewers: tuple[str, ...] = ()
    created_by: str | None = None
