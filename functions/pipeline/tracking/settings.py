"""Settings of `track`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ..domain.settings import load, setting


@dataclass(frozen=True, slots=True)
class Tracking:
    """The settings of the process."""

    step: int = setting("TRACK_STEP_MS", "milliseconds between two pictures in which a box is followed, at least", 80)
    segments: int = setting(
        "TRACK_SEGMENTS",
        "most segments decoded to follow boxes from frame to frame; of more, those that move least count as at rest",
        8,
    )


@cache
def tracking() -> Tracking:
    """The settings of this process."""
    return load(Tracking)
