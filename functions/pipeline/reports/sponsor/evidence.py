"""Evidence: the frames that a report's figures are taken from, a few of each brand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST_OF_LABEL, MOST = 12, 300


@dataclass(frozen=True, slots=True)
class Shot:
    """A sampled frame of a session of the report, `session` by its number, on which a brand is to be seen."""

    label: str
    stream: str
    session: int
    session_id: str
    media_ms: int
    object_name: str

    @property
    def name(self) -> str:
        """Its name among the evidence of a report."""
        return f"{self.session:03d}-{self.media_ms:010d}.jpg"

    def told(self) -> dict[str, Any]:
        """The shot as JSON."""
        return {"label": self.label, "session": self.session, "time": self.media_ms / 1000, "name": self.name}


@dataclass(frozen=True, slots=True)
class Frames:
    """The sampled frames of a session: their times (ms, rising) and objects."""

    stream: str
    session: str
    times: Sequence[int]
    objects: Sequence[str]


def shots(told: Mapping[str, Any], frames: Sequence[Frames]) -> list[Shot]:
    """Frames within the ranges for which each label is on the screen, spread over them."""
    found: list[Shot] = []
    for label in told["labels"]:
        seen = [
            (part["session"], number)
            for part in label["on_screen"]["ranges"]
            for number in _within(frames[part["session"]], part["from"], part["to"])
        ]
        step = max(1, -(-len(seen) // MOST_OF_LABEL))
        for session, number in seen[::step]:
            known = frames[session]
            at, name = known.times[number], known.objects[number]
            found.append(Shot(label["label"], known.stream, session, known.session, at, name))
    return found[:MOST]


def _within(frames: Frames, start: float, end: float) -> range:
    first = bisect_right(frames.times, round(start * 1000) - 1)
    last = bisect_right(frames.times, round(end * 1000) - 1)
    return range(first, last)
