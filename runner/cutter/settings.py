"""The settings of the cutter."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.domain.settings import setting


@dataclass(frozen=True, slots=True)
class Cutter:
    """Settings of the cutter."""

    largest: int = setting(
        "CLIP_MAX_BYTES", "largest clip, in bytes: it is held in memory until it is stored", 1_000_000_000
    )
    wait: float = setting(
        "CLIP_WAIT_SECONDS", "seconds that a clip waits for the end of its range, while the session is live", 60.0
    )
