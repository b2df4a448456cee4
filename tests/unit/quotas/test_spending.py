"""Money of a stream's day is set aside before it is spent, and read again before more could be gone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.documents.quota import allowances, use
from pipeline.documents.quota.allowances import Allowance
from pipeline.documents.quota.spending import Spending
from pipeline.domain.errors import OverBudget
from pipeline.domain.quotas import Quota, StreamQuota, Use

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@dataclass
class Day:
    """What the documents say, the limits, and a time that passes when told."""

    limits: StreamQuota = field(default_factory=StreamQuota)
    tenant: Quota = field(default_factory=Quota)
    used: Use = field(default_factory=Use)
    paid: tuple[int, float] = (0, 0.0)
    read: list[tuple[use.Owner, datetime]] = field(default_factory=list[tuple[use.Owner, datetime]])
    seconds: float = 0.0

    def documents(self, owner: use.Owner, since: datetime) -> tuple[int, float]:
        self.read.append((owner, since))
        return self.paid

    def process(self) -> Spending:
        return Spending(self.documents, lambda: self.seconds, lambda: NOON + timedelta(seconds=self.seconds))


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Iterator[Day]:
    one = Day()
    monkeypatch.setattr(allowances, "of", lambda *_: Allowance(one.limits, one.tenant, one.used))
    yield one


def spend(process: Spending, usd: float, spent: float | None = None, *, frames: int = 1) -> None:
    with process.reserved("s", "t", frames=frames, usd=usd) as aside:
        aside.spend(usd if spent is None else spent)


def test_what_fits_is_spent_and_what_does_not_is_refused_in_words(day: Day) -> None:
    day.limits = StreamQuota(usd_day=0.01)
    process = day.process()
    spend(process, 0.006)
    with pytest.raises(OverBudget, match=r"stream 's' has used up its \$0\.01 a day: .* 2026-05-05 00"):
        spend(process, 0.006)
    spend(process, 0.004)


def test_calls_that_are_on_their_way_count_before_they_are_answered(day: Day) -> None:
    day.limits = StreamQuota(usd_day=0.01)
    process = day.process()
    with ExitStack() as under_way:
        for _ in range(2):
            under_way.enter_context(process.reserved("s", "t", frames=1, usd=0.005))
        with pytest.raises(OverBudget):
            spend(process, 0.005)
    spend(process, 0.005)  # neither was answered: the money came back


def test_a_call_that_cost_less_leaves_the_rest(day: Day) -> None:
    day.limits = StreamQuota(usd_day=0.01)
    process = day.process()
    spend(process, 0.009, 0.0)
    spend(process, 0.009)


def test_what_other_instances_spend_is_read_before_the_rest_could_be_gone(day: Day) -> None:
    day.limits = StreamQuota(usd_day=10.0)
    process = day.process()
    spend(process, 0.001)
    day.paid = (1, 9.9999)
    day.seconds = 19.0  # at half a dollar a second the rest lasts for nearly twenty
    spend(process, 0.001)
    assert len(day.read) == 1
    day.seconds = 21.0
    with pytest.raises(OverBudget):
        spend(process, 0.001)
    assert day.read[-1] == (use.stream("s"), datetime(2026, 5, 4, tzinfo=UTC))


def test_near_the_end_every_call_looks(day: Day) -> None:
    day.limits, day.paid = StreamQuota(usd_day=1.0), (900, 0.99)
    process = day.process()
    for _ in range(3):
        day.seconds += 0.1
        spend(process, 0.001)
    assert len(day.read) == 3


def test_frames_have_a_limit_too_and_speech_has_none_of_it(day: Day) -> None:
    day.limits, day.paid = StreamQuota(frames_day=2), (1, 0.0)
    process = day.process()
    spend(process, 0.001)
    with pytest.raises(OverBudget, match="its 2 analysed frames a day"):
        spend(process, 0.001)
    spend(process, 0.001, frames=0)


def test_a_tenant_s_budget_counts_as_it_was_noted(day: Day) -> None:
    day.tenant, day.used = Quota(usd_day=5.0), Use(usd=5.0)
    with pytest.raises(OverBudget, match=r"tenant 't' has used up its \$5 a day"):
        spend(day.process(), 0.001)


def test_a_new_day_begins_at_nought(day: Day) -> None:
    day.limits, day.paid = StreamQuota(usd_day=0.01), (9, 0.01)
    process = day.process()
    with pytest.raises(OverBudget):
        spend(process, 0.001)
    day.paid, day.seconds = (0, 0.0), 12 * 3600.0
    spend(process, 0.001)
    assert [since for _, since in day.read] == [datetime(2026, 5, 4, tzinfo=UTC), datetime(2026, 5, 5, tzinfo=UTC)]
