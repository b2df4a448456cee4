"""How segments are sampled: this process's own settings, and what `config/analysis` or the stream says instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from ..domain.settings import load, setting
from .gate_state import Policy

_OWN = Policy()


@dataclass(frozen=True, slots=True)
class Sampling:
    """The settings of the process."""

    looks_per_second: float = setting("LOOKS_PER_SECOND", "frames a second that sampling compares", 5.0)
    minimum: float = setting("SAMPLE_MIN_INTERVAL", "least seconds between two frames sent on", _OWN.minimum)
    maximum: float = setting("SAMPLE_MAX_INTERVAL", "most seconds between two frames sent on", _OWN.maximum)
    follow: float = setting(
        "SAMPLE_FOLLOW_INTERVAL",
        "seconds between two frames sent on while things move, so that boxes follow",
        _OWN.follow,
    )
    change: float = setting(
        "SAMPLE_CHANGE", "share of the picture, 0 to 1, from which on a change counts as something new", _OWN.change
    )
    calls_per_hour: float = setting(
        "SAMPLE_CALLS_PER_HOUR", "most frames of a stream that are sent on in an hour", _OWN.calls_per_hour
    )
    patience: float = setting(
        "SAMPLE_PATIENCE",
        "seconds that a segment waits until the one before is sampled, before it goes on without",
        1.0,
    )
    quality: int = setting("JPEG_QUALITY", "quality of the frames sent on, 1 to 100", 82)
    largest: int = setting("SEGMENT_MAX_MIB", "largest segment that is sampled or transcribed, in MiB", 64)

    def looks(self, said: Mapping[str, float]) -> float:
        """Frames a second to compare, where `said` is the `sampling` of a stream's settings."""
        return said.get("looks_per_second", self.looks_per_second)

    def policy(self, said: Mapping[str, float]) -> Policy:
        """The gate's, where `said` is the `sampling` of a stream's settings."""
        minimum = said.get("minimum_interval", self.minimum)
        return Policy(
            minimum=minimum,
            maximum=max(minimum, said.get("maximum_interval", self.maximum)),
            follow=said.get("follow_interval", self.follow),
            change=said.get("change", self.change),
            calls_per_hour=said.get("calls_per_hour", self.calls_per_hour),
        )


@cache
def sampling() -> Sampling:
    """Those of this process."""
    return load(Sampling)
