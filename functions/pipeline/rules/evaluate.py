"""Evaluates a rule on what is known of a session. Pure: live events and tests against the past do the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TypeVar

from ..domain.acting import Rule
from . import kinds
from .model import Firing, Timeline

T = TypeVar("T")


def firings(rule: Rule, known: Timeline, started: datetime) -> Iterator[Firing]:
    """What the rule fires for, in order, within its schedule. `started`: program date time of media time 0."""
    for one in kinds.read(rule.what).firings(known):
        if rule.schedule is None or rule.schedule.holds(moment(started, one.at)):
            yield one


def spaced(found: Iterable[tuple[datetime, T]], cooldown: float) -> Iterator[tuple[datetime, T]]:
    """Those firings, in order of time, that come `cooldown` seconds or more after the one before."""
    last: datetime | None = None
    for at, one in found:
        if last is None or at - last >= timedelta(seconds=cooldown):
            last = at
            yield at, one


def moment(started: datetime, ms: int) -> datetime:
    """The program date time of a media time."""
    return started + timedelta(milliseconds=ms)
