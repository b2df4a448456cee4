"""Settings of deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ..domain.settings import load, setting


@dataclass(frozen=True, slots=True)
class Delivering:
    """The settings of the process."""

    topic: str = setting(
        "DELIVERIES_TOPIC", "topic of deliveries, a message for each channel, as projects/PROJECT/topics/NAME", ""
    )
    secret: str = setting(
        "PROVIDER_SECRET",
        "secret that addresses and keys of channels are sealed with, as those of own providers are",
        "",
    )
    private: bool = setting("DELIVERIES_PRIVATE", "channels may have private addresses, and speak plain HTTP", False)


@cache
def delivering() -> Delivering:
    """The settings of this process."""
    return load(Delivering)
