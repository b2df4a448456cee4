"""Whether this process serves live streams, or what waits for them."""

from __future__ import annotations

from dataclasses import dataclass

from .settings import load, setting

LIVE, BATCH = "live", "batch"
"""What a frame was paid for, as its document says."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The share of imports and reanalyses in the quota of Cloud Vision."""

    instances: int = setting(
        "BATCH_INSTANCES",
        "instances that divide what live streams leave of Cloud Vision's quota among them; 0: this one serves live "
        "streams, and takes what it needs",
        0,
    )
    per_minute: int = setting(
        "VISION_PER_MINUTE",
        "requests a minute that Cloud Vision answers: [the project's quota](https://cloud.google.com/vision/quotas)",
        1800,
    )
    reserve: float = setting(
        "LIVE_RESERVE",
        "share of that quota, 0 to 1, which imports and reanalyses never use: room for the next frames",
        0.25,
    )

    @property
    def lane(self) -> str:
        """LIVE or BATCH."""
        return BATCH if self.instances else LIVE

    @property
    def most(self) -> float:
        """Requests a minute of all that waits, while no stream is live."""
        return self.per_minute * (1 - self.reserve)


def shares() -> Batch:
    """The settings of this process. Raises ValueError if one is malformed."""
    found = load(Batch)
    if not 0 <= found.reserve <= 1:
        raise ValueError(f"LIVE_RESERVE={found.reserve}: expected 0 to 1")
    return found
