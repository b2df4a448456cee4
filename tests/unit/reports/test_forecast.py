"""The forecast of a day's cost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.reports.forecast import Forecast, forecast

NOW = datetime(2026, 5, 4, 18, tzinfo=UTC)
MIDNIGHT = datetime(2026, 5, 5, tzinfo=UTC)


def after(spent: float, lately: float, minutes: float, budget: float) -> Forecast:
    return forecast(spent, lately, NOW - timedelta(minutes=minutes), budget, NOW, MIDNIGHT)


def test_the_day_costs_what_is_spent_and_the_present_pace_until_midnight() -> None:
    found = after(spent=10.0, lately=0.5, minutes=15, budget=100.0)
    assert found.usd_per_hour == pytest.approx(2.0)
    assert found.usd_day == pytest.approx(10.0 + 6 * 2.0)
    assert found.budget_at is None


def test_a_budget_that_the_pace_reaches_today_has_its_time() -> None:
    assert after(spent=10.0, lately=0.5, minutes=15, budget=14.0).budget_at == NOW + timedelta(hours=2)


def test_one_that_is_reached_has_none() -> None:
    assert after(spent=14.0, lately=0.5, minutes=15, budget=14.0).budget_at is None


def test_without_a_pace_nothing_is_added() -> None:
    assert after(spent=3.0, lately=0.0, minutes=15, budget=100.0) == Forecast(0.0, 3.0, None)


def test_the_first_seconds_are_not_taken_for_the_pace_of_a_day() -> None:
    assert after(spent=0.06, lately=0.06, minutes=0, budget=100.0).usd_per_hour == pytest.approx(3.6)
