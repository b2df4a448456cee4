"""Sharpness: how crisp the picture of a brand was, where it was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..model import SURE
from .moment import Moment


@dataclass(slots=True)
class Sharpness:
    """The mean over the time for which it is known: looks of earlier releases do not say it."""

    sharp: int = 0
    known: int = 0

    def add(self, moment: Moment) -> None:
        """Adds the next moment."""
        if moment.sharpness is not None:
            self.sharp += moment.sharpness * moment.time
            self.known += moment.time

    def told(self) -> dict[str, Any]:
        """`sharpness`, 0..1 or null, and the seconds for which it is known."""
        mean = round(self.sharp / self.known / SURE, 4) if self.known else None
        return {"sharpness": mean, "sharpness_seconds": self.known / 1000}
