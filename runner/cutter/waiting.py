"""Waits for what a clip shows: its media, and what is found there, while both are still on their way."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from pipeline.documents import results, sessions
from pipeline.domain.clips import Asked
from pipeline.reports.model import Look

_AGAIN_SECONDS = 2.0  # between two looks
_SETTLED = timedelta(minutes=10)  # after the end of a session everything about it has been found
LATEST = float(10**9)
"""The end of what is stored, whenever that is."""
_TAIL = 120_000  # ms before the end that are looked at: what comes first is done first


def until_there(asked: Asked, end: float, wait: Callable[[float], object], seconds: float) -> None:
    """Returns once all up to `end` (s of media time) is stored, and what the clip needs is found; or after `seconds`.

    `wait` waits for so many seconds; it raises where it is asked to stop.
    """
    deadline = time.monotonic() + seconds
    found = asked.boxes or asked.label is not None or asked.appearance is not None
    while time.monotonic() < deadline:
        session = sessions.get(asked.stream, asked.session)
        ended, stored = session.get("ended"), session.get("media_seconds") or 0.0
        end = min(end, stored) if end == LATEST else end
        last = min(end, stored)
        if (ended or stored >= end) and not (found and _recent(ended) and _unfinished(asked, last)):
            return
        wait(_AGAIN_SECONDS)


def _recent(ended: datetime | None) -> bool:
    return ended is None or datetime.now(UTC) - ended < _SETTLED


def _unfinished(asked: Asked, end: float) -> bool:
    last = round(end * 1000)
    known = results.looks(asked.stream, asked.session, asked.kind, max(0, last - _TAIL))
    return unfinished([look for look in known if look.at <= last])


def unfinished(looks: Sequence[Look]) -> bool:
    """Whether a look has not been answered, or what two neighbouring ones see has not been followed."""
    if any(look.sights is None for look in looks):
        return True
    return any(one.ways is None and (one.sights or other.sights) for one, other in pairwise(looks))
