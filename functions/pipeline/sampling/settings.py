"""Settings of `sample`: those of the process, and the overrides of `config/analysis` and of streams."""

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
        "seconds between two frames sent on while things move: boxes are followed from one to the other",
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

    def looks(self, overrides: Mapping[str, float]) -> float:
        """Frames a second to compare. `overrides` is the `sampling` of a stream's settings."""
        return overrides.get("looks_per_second", self.looks_per_second)

    def policy(self, overrides: Mapping[str, float]) -> Policy:
        """The policy of the gate. `overrides` is the `sampling` of a stream's settings."""
        minimum = overrides.get("minimum_interval", self.minimum)
        return Policy(
            minimum=minimum,
            maximum=max(minimum, overrides.get("maximum_interval", self.maximum)),
            follow=overrides.get("follow_interval", self.follow),
            change=overrides.get("change", self.change),
            calls_per_hour=overrides.get("calls_per_hour", self.calls_per_hour),
        )


@cache
def sampling() -> Sampling:
    """The settings of this process."""
    return load(Sampling)
