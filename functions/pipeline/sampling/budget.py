"""Budget of calls an hour for a stream: a token bucket. Pure.

A bucket that is full when it starts lets `burst` through at once, and refills at what is left of the hour, so that no
hour, wherever it begins, holds more than `per_hour`.
"""

from __future__ import annotations

from dataclasses import dataclass

_BURST = 1 / 6  # of the hour's calls: ten minutes' worth
_CALM = 0.5  # share of the bucket above which no frame is held back
_RESERVE = 0.15  # share that is kept for cuts, which cannot wait


@dataclass(frozen=True, slots=True)
class Bucket:
    """`tokens` at media time `at` (s)."""

    tokens: float
    at: float


@dataclass(frozen=True, slots=True)
class Budget:
    """`per_hour` frames may be sent on, at most."""

    per_hour: float

    @property
    def burst(self) -> float:
        """Tokens of a full bucket."""
        return max(1.0, self.per_hour * _BURST)

    @property
    def period(self) -> float:
        """Seconds in which a token comes."""
        return 3600 / max(1e-6, self.per_hour - self.burst) if self.per_hour > 1 else 3600.0

    def full(self, at: float) -> Bucket:
        """A full bucket."""
        return Bucket(self.burst, at)

    def filled(self, bucket: Bucket, at: float) -> Bucket:
        """The bucket at a later time. One that was filled under another budget holds no more than this one's."""
        came = max(0.0, at - bucket.at) / self.period
        return Bucket(min(self.burst, bucket.tokens + came), max(at, bucket.at))

    def taken(self, bucket: Bucket) -> Bucket:
        """The bucket, a token less."""
        return Bucket(max(0.0, bucket.tokens - 1), bucket.at)

    def pressure(self, bucket: Bucket) -> float:
        """0 while there is plenty, rising to 1 when only the reserve is left."""
        left = bucket.tokens / self.burst
        return min(1.0, max(0.0, (_CALM - left) / (_CALM - _RESERVE)))

    def allows(self, bucket: Bucket, *, urgent: bool) -> bool:
        """True if a token may be taken; the last ones are for `urgent` frames."""
        return bucket.tokens >= 1 and (urgent or bucket.tokens > _RESERVE * self.burst or self.burst <= 2)
