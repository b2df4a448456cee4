"""Usage of a session, counted from its documents: reading them again gives the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Call:
    """One kind of one frame asked of one provider. `again`: a user requested another look."""

    kind: str
    provider: str
    took_ms: int
    failed: bool = False
    at: datetime | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class FrameCalls:
    """A frame of media time `at` (ms) and its calls. `pending`: some have yet to come."""

    at: int
    calls: tuple[Call, ...]
    pending: bool
    finalized_at: datetime | None


@dataclass(frozen=True, slots=True)
class CallCounts:
    """Calls of a provider for a kind: those `answered`, which are billed, and those `failed`."""

    answered: float = 0
    failed: float = 0

    def __add__(self, other: CallCounts) -> CallCounts:
        return CallCounts(self.answered + other.answered, self.failed + other.failed)

    def times(self, factor: float) -> CallCounts:
        """This usage `factor` times."""
        return CallCounts(self.answered * factor, self.failed * factor)


@dataclass(frozen=True, slots=True)
class Speech:
    """Transcribed `segments`, the `seconds` of sound that were billed, and the time that it took."""

    segments: float = 0
    seconds: float = 0
    took_ms: float = 0

    def __add__(self, other: Speech) -> Speech:
        return Speech(self.segments + other.segments, self.seconds + other.seconds, self.took_ms + other.took_ms)


@dataclass(frozen=True, slots=True)
class Usage:
    """A session's use of billed items. `busy_ms` by provider: one call for several kinds counts once. `first` and
    `last`: when providers answered, by provider, requests to look again aside."""

    segments: int = 0
    media_seconds: float = 0.0
    frames: float = 0
    calls: dict[tuple[str, str], CallCounts] = field(default_factory=dict[tuple[str, str], CallCounts])
    images: dict[str, float] = field(default_factory=dict[str, float])
    busy_ms: dict[str, float] = field(default_factory=dict[str, float])
    first: dict[str, datetime] = field(default_factory=dict[str, datetime])
    last: dict[str, datetime] = field(default_factory=dict[str, datetime])
    speech: Speech = Speech()

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.segments + other.segments,
            self.media_seconds + other.media_seconds,
            self.frames + other.frames,
            {
                key: self.calls.get(key, CallCounts()) + other.calls.get(key, CallCounts())
                for key in self.calls | other.calls
            },
            _added(self.images, other.images),
            _added(self.busy_ms, other.busy_ms),
            {
                key: min(side[key] for side in (self.first, other.first) if key in side)
                for key in self.first | other.first
            },
            {key: max(side[key] for side in (self.last, other.last) if key in side) for key in self.last | other.last},
            self.speech + other.speech,
        )

    def up_seconds(self, provider: str) -> float:
        """Seconds from a provider's first answer to its last: it was up for so long, busy or not."""
        return (self.last[provider] - self.first[provider]).total_seconds() if provider in self.first else 0.0

    def at_rate(self, per_second: float) -> Usage:
        """The same session, had `per_second` frames of each second been analysed the same way."""
        frames = round(self.media_seconds * per_second)
        factor = frames / self.frames if self.frames else 0.0
        return replace(
            self,
            frames=frames,
            calls={key: one.times(factor) for key, one in self.calls.items()},
            images={key: count * factor for key, count in self.images.items()},
            busy_ms={key: time * factor for key, time in self.busy_ms.items()},
        )


def usage_of(frames: Iterable[FrameCalls]) -> Usage:
    """The usage of some frames."""
    total = Usage()
    for frame in frames:
        total += _of_frame(frame)
    return total


def _of_frame(frame: FrameCalls) -> Usage:
    busy: dict[str, float] = {}
    for call in frame.calls:
        busy[call.provider] = max(busy.get(call.provider, 0), call.took_ms)
    times = [(call.provider, call.at) for call in frame.calls if call.at and not call.again]
    return Usage(
        frames=1,
        calls={(one.provider, one.kind): CallCounts(int(not one.failed), int(one.failed)) for one in frame.calls},
        images=dict.fromkeys(busy, 1.0),
        busy_ms=busy,
        first={name: min(at for other, at in times if other == name) for name, _ in times},
        last={name: max(at for other, at in times if other == name) for name, _ in times},
    )


def _added(a: dict[str, float], b: dict[str, float]) -> dict[str, float]:
    return {key: a.get(key, 0) + b.get(key, 0) for key in a | b}
