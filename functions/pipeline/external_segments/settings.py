"""Settings of announcements."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ..domain.settings import load, setting


@dataclass(frozen=True, slots=True)
class Events:
    """The key of announcements and the hosts of their segments. Without both, announcing is off."""

    secret: str = setting("EVENTS_SECRET", "key that announcements of segments are signed with (HMAC-SHA256)", "")
    hosts: tuple[str, ...] = setting(
        "EVENTS_HOSTS",
        "hosts that announced segments may be fetched from, `.example` for all under it; without any, "
        "announcing is off",
        (),
    )
    private: bool = setting(
        "EVENTS_PRIVATE", "hosts of `EVENTS_HOSTS` may have private addresses and speak plain HTTP", False
    )
    largest: int = setting("EVENTS_MAX_MIB", "largest announced segment that is taken, in MiB", 32)


@cache
def events() -> Events:
    """The settings of this process."""
    return load(Events)
