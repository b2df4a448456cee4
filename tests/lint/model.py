"""A media playlist as a client reads it: tags, segments, and what could not be read. Reading never raises."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Item:
    """One segment as a playlist tells it. `duration` is None where it has no EXTINF, `instant` where it has no date."""

    uri: str
    sequence: int
    duration: float | None
    instant: datetime | None
    discontinuity: bool

    @property
    def seconds(self) -> float:
        return self.duration or 0.0


@dataclass
class Parsed:
    """A playlist's lines, tags (each with its values), segments, and what was wrong while reading it."""

    lines: list[str] = field(default_factory=list)
    tags: dict[str, list[str]] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    dangling: list[str] = field(default_factory=list)

    def number(self, tag: str) -> int:
        """The tag's whole number; 0 where it is missing or none."""
        value = self.tags.get(tag, ["0"])[0]
        return int(value) if value.isdecimal() else 0

    @property
    def ended(self) -> bool:
        return "#EXT-X-ENDLIST" in self.tags

    @property
    def seconds(self) -> float:
        return math.fsum(item.seconds for item in self.items)

    @property
    def first(self) -> int:
        return self.number("#EXT-X-MEDIA-SEQUENCE")


def parse(text: str) -> Parsed:
    """Reads a media playlist; never raises."""
    found = Parsed([line.removesuffix("\r") for line in text.split("\n")])
    found.lines = [line for line in found.lines if line]
    duration: float | None = None
    instant: datetime | None = None
    discontinuity, waiting = False, list[str]()
    for line in found.lines:
        if not line.startswith("#"):
            sequence = found.first + len(found.items)
            found.items.append(Item(line, sequence, duration, instant, discontinuity))
            duration, instant, discontinuity, waiting = None, None, False, []
            continue
        if not line.startswith("#EXT"):
            continue  # a comment
        tag, _, value = line.partition(":")
        found.tags.setdefault(tag, []).append(value)
        if tag == "#EXTINF":
            duration = _duration(value, found.faults)
        elif tag == "#EXT-X-PROGRAM-DATE-TIME":
            instant = _instant(value, found.faults)
        elif tag == "#EXT-X-DISCONTINUITY":
            discontinuity = True
        else:
            continue
        waiting.append(tag)
    found.dangling = waiting
    return found


def _duration(value: str, faults: list[str]) -> float | None:
    number, comma, _ = value.partition(",")
    if not comma or not number.replace(".", "", 1).isdecimal():
        faults.append(f"#EXTINF:{value} is no decimal number and comma")
        return None
    return float(number)


def _instant(value: str, faults: list[str]) -> datetime | None:
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        faults.append(f"#EXT-X-PROGRAM-DATE-TIME:{value} is no ISO 8601 date with a time zone")
        return None
    return instant
