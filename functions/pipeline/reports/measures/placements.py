"""Placements: seconds in the zones of the picture that a user has drawn, such as a board, a shirt or a graphic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..model import Rect
from .measure import Timed
from .moment import SCREEN, Moment


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of the picture with a name, for things of one property."""

    name: str
    property: str
    rect: Rect


def zone_of(place: Rect, zones: Sequence[Zone]) -> str | None:
    """The name of the first zone that holds the middle of a place."""
    across, down = 2 * place.x + place.width, 2 * place.y + place.height
    for zone in zones:
        inside = zone.rect
        if 2 * inside.x <= across < 2 * (inside.x + inside.width) and 2 * inside.y <= down < 2 * (
            inside.y + inside.height
        ):
            return zone.name
    return None


@dataclass(slots=True)
class Placements:
    """Time and area of a brand by zone. One with several places at a time counts in the zone of the largest."""

    zones: dict[str, Timed] = field(default_factory=dict[str, Timed])
    areas: dict[str, int] = field(default_factory=dict[str, int])

    def add(self, moment: Moment) -> None:
        """Adds the next moment."""
        if moment.zone is not None:
            self.zones.setdefault(moment.zone, Timed()).add(moment)
            self.areas[moment.zone] = self.areas.get(moment.zone, 0) + moment.area * moment.time

    def told(self) -> dict[str, Any]:
        """`placements` by zone, each with `screen_seconds`."""
        return {
            "placements": {
                name: {**timed.told(), "screen_seconds": round(self.areas[name] / SCREEN / 1000, 4)}
                for name, timed in self.zones.items()
            }
        }
