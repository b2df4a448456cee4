"""What rules look at, and what they answer. Times are whole milliseconds of media time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from ..domain.model import Kind
from ..reports.model import Observation
from ..reports.spoken import Said

EPOCH = datetime.fromtimestamp(0, UTC)
SINCE_BEGINNING = "start"
"""The episode that begins where a rule's looking does."""


@dataclass(frozen=True, slots=True)
class Part:
    """A segment that was sampled: from `start` to before `end`."""

    start: int
    end: int
    discontinuity: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """What is known of a session for certain, from `start` to before `end`.

    `whole`: nothing before `start` counts, because the session, or the rule, begins there. `seen` are the observations
    of one kind of detection, in order, and `parts` the segments. `started` is the program date time of media time 0;
    `ended`: when the session ended; `now`: when this was read.
    """

    start: int
    end: int
    whole: bool
    seen: Sequence[Observation] = ()
    said: Sequence[Said] = ()
    parts: Sequence[Part] = ()
    started: datetime = EPOCH
    ended: datetime | None = None
    now: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Firing:
    """A rule fires `at` an instant. `episode` names what it fired for: the same, however much is known beside it.

    `look`: the frame that shows it. `text` is a sentence for people, `facts` are for programs.
    """

    episode: str
    at: int
    text: str
    look: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])


class What(Protocol):
    """What a rule looks for: one kind of rule, with its fields.

    `lookback`: how much of the past (ms) it needs to decide about an instant. `sees`: the kind of detection that it
    looks at, if any; `hears`: whether it needs what was said.
    """

    @property
    def lookback(self) -> int: ...

    @property
    def sees(self) -> Kind | None: ...

    @property
    def hears(self) -> bool: ...

    def firings(self, known: Timeline) -> Iterator[Firing]:
        """All that it fires for within what is known, in order of time. Pure."""
        ...
