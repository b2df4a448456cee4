"""Settings of those who evaluate rules."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ..domain.settings import load, setting


@dataclass(frozen=True, slots=True)
class Acting:
    """The settings of the process."""

    topic: str = setting(
        "ALERTS_TOPIC",
        "topic that alerts are published to, as projects/PROJECT/topics/NAME; without one, rules are off",
        "",
    )
    page_url: str = setting("PAGE_URL", "address of the page, for links in alerts", "")


@cache
def acting() -> Acting:
    """The settings of this process."""
    return load(Acting)
