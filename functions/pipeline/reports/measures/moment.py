"""A moment: a piece of time for which a brand is on the screen, with its places, and what is beside it."""

from __future__ import annotations

from dataclasses import dataclass

from ..model import UNIT, Rect

SCREEN = UNIT * UNIT


@dataclass(frozen=True, slots=True)
class Moment:
    """From `at` to before `until` (ms of media time) of the session with number `session`.

    `places` are the boxes of the brand, the largest first; none if it is named for the whole frame. `area` is what they
    cover together, in UNIT². `others` are the other labels of that kind at the same time. `begun` of its appearances
    begin here; `continued` were on the screen before the report's range began. `sharpness` in SUREths, `zone` the name
    of the placement, `viewed` viewers × ms: each if it is known.
    """

    session: int
    label: str
    at: int
    until: int
    places: tuple[Rect, ...]
    area: int
    confidence: int
    others: frozenset[str] = frozenset()
    begun: int = 0
    continued: int = 0
    sharpness: int | None = None
    zone: str | None = None
    viewed: float | None = None

    @property
    def time(self) -> int:
        """Its length in ms."""
        return self.until - self.at

    @property
    def place(self) -> Rect | None:
        """The largest of its places."""
        return self.places[0] if self.places else None
