"""Forecast of a day's cost, from what was spent lately. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)
"""What was spent since then says the present pace."""

_LEAST = timedelta(minutes=1)  # a stream that has just begun is not taken for one that goes on like its first second


@dataclass(frozen=True, slots=True)
class Forecast:
    """The present pace in dollars an hour, what the day would cost at it if there were no budget, and when the budget
    is reached; None if that is not today."""

    usd_per_hour: float
    usd_day: float
    budget_at: datetime | None


def forecast(spent: float, lately: float, since: datetime, budget: float, now: datetime, ends: datetime) -> Forecast:
    """The forecast for a day until `ends` of which `spent` dollars are spent, `lately` of them from `since` on."""
    elapsed = max(now - since, _LEAST)
    per_second = lately / elapsed.total_seconds()
    day = spent + per_second * (ends - now).total_seconds()
    at: datetime | None = None
    if per_second and spent < budget <= day:
        at = now + timedelta(seconds=(budget - spent) / per_second)
    return Forecast(per_second * 3600, day, at)
