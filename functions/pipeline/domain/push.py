"""The progress of an HLS push: what its sender listed, and what was taken of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Item:
    """A segment as the sender's playlist lists it: `number` is its media sequence there, `duration` seconds."""

    number: int
    name: str
    duration: float
    program_date_time: datetime | None = None
    discontinuity: bool = False
    init: str | None = None


@dataclass(frozen=True, slots=True)
class Assigned:
    """A staged object that has its place in the session. `generation` is the staged object's."""

    sequence: int
    name: str
    generation: int
    init: str | None
    media_time: float
    duration: float
    program_date_time: datetime
    discontinuity: bool


@dataclass(frozen=True, slots=True)
class Push:
    """State of a push. `next` is the next sequence, `end` the media time at which it begins (s).

    `last` is the sender's number of the last segment taken, `recent` has name and checksum of the last ones, `waiting`
    the segments that are listed and have not come, `assigned` those that may not be stored yet; `signature` is what
    decoders were set up for.
    """

    session: str
    target: int
    started: datetime | None = None
    next: int = 0
    end: float = 0.0
    discontinuities: int = 0
    last: int | None = None
    ended: bool = False
    resumed: bool = False
    signature: str | None = None
    recent: tuple[str, ...] = ()
    waiting: tuple[Item, ...] = ()
    assigned: tuple[Assigned, ...] = ()
    version: Any = field(default=None, compare=False)
