"""Money, from the user's own rates alone: nothing has a price here unless a user names it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Rates:
    """A rate card: for 1,000 impressions, and for 30 s on the screen. `weighted`: times quality / 100."""

    currency: str = ""
    per_thousand: float | None = None
    per_30_seconds: float | None = None
    weighted: bool = False

    def told(self) -> dict[str, Any] | None:
        """The card as JSON; null without a rate."""
        if self.per_thousand is None and self.per_30_seconds is None:
            return None
        return {
            "currency": self.currency,
            "per_thousand": self.per_thousand,
            "per_30_seconds": self.per_30_seconds,
            "weighted": self.weighted,
        }

    def formula(self) -> str | None:
        """How a value is made of it."""
        if self.told() is None:
            return None
        parts = [
            *([f"impressions / 1000 × {self.per_thousand:g}"] if self.per_thousand is not None else []),
            *([f"seconds / 30 × {self.per_30_seconds:g}"] if self.per_30_seconds is not None else []),
        ]
        whole = " + ".join(parts)
        return (
            f"value ({self.currency}) = ({whole}) × quality / 100"
            if self.weighted
            else f"value ({self.currency}) = {whole}"
        )


def value(told: Mapping[str, Any], rates: Rates) -> float | None:
    """What a label's figures are worth by the rates; None without one, or without an input that it needs."""
    if rates.told() is None:
        return None
    total = 0.0
    if rates.per_thousand is not None:
        if told["audience"] is None:
            return None
        total += told["audience"]["impressions"] / 1000 * rates.per_thousand
    if rates.per_30_seconds is not None:
        total += told["on_screen"]["seconds"] / 30 * rates.per_30_seconds
    if rates.weighted:
        if told["quality"]["index"] is None:
            return None
        total *= told["quality"]["index"] / 100
    return round(total, 2)
