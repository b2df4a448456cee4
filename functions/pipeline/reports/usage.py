"""Usage of a session, counted from its documents: reading them again gives the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Call:
    """One kind of one frame asked of one provider. `again`: a user requested another look. `gpu`: it runs on one."""

    kind: str
    provider: str
    took_ms: int
    failed: bool = False
    at: datetime | None = None
    again: bool = False
    gpu: bool = False


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
    """A session's use of billed items. `busy_ms` by provider: one call for several kinds counts once. `gpu`:
    when a provider on a GPU answered first and last, requests to look again aside."""

    segments: int = 0
    media_seconds: float = 0.0
    frames: float = 0
    calls: dict[tuple[str, str], CallCounts] = field(default_factory=dict[tuple[str, str], CallCounts])
    images: dict[str, float] = field(default_factory=dict[str, float])
    busy_ms: dict[str, float] = field(default_factory=dict[str, float])
    gpu: tuple[datetime, datetime] | None = None
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
            _span([*(self.gpu or ()), *(other.gpu or ())]),
            self.speech + other.speech,
        )

    @property
    def gpu_seconds(self) -> float:
        """Seconds from the first answer of a provider on the GPU to the last: it was up for so long, busy or not."""
        return (self.gpu[1] - self.gpu[0]).total_seconds() if self.gpu else 0.0

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
    times = [call.at for call in frame.calls if call.at and call.gpu and not call.again]
    return Usage(
        frames=1,
        calls={(one.provider, one.kind): CallCounts(int(not one.failed), int(one.failed)) for one in frame.calls},
        images=dict.fromkeys(busy, 1.0),
        busy_ms=busy,
        gpu=_span(times),
    )


def _span(times: Sequence[datetime]) -> tuple[datetime, datetime] | None:
    return (min(times), max(times)) if times else None


def _added(a: dict[str, float], b: dict[str, float]) -> dict[str, float]:
    return {key: a.get(key, 0) + b.get(key, 0) for key in a | b}
