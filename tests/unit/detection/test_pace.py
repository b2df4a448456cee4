"""The pace of calls that are paid for: what live streams leave, on a clock of the test's own."""

from __future__ import annotations

from datetime import datetime

import pytest

from pipeline.detection.pace import Pace
from pipeline.domain.batch import Batch, shares
from pipeline.domain.errors import Busy


class Project:
    """A clock that waiting moves on, and the calls of live streams in the last minute."""

    now = 100.0
    live = 0
    counts = 0

    def calls(self, _since: datetime) -> int:
        self.counts += 1
        return self.live

    def clock(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.now += seconds

    def pace(self, shares: Batch) -> Pace:
        return Pace(shares, self.calls, self.clock, self.pause)


@pytest.fixture
def project() -> Project:
    return Project()


def taken(project: Project, pace: Pace, seconds: float) -> int:
    """Turns that one instance takes in so many seconds, as fast as it gets them."""
    until, count = project.now + seconds, 0
    while project.now < until:
        try:
            pace.turn()
        except Busy:
            project.now += 1
        else:
            count += 1
    return count


def test_live_streams_never_wait_and_are_not_counted(project: Project) -> None:
    pace = project.pace(Batch(instances=0, per_minute=1))
    for _ in range(1000):
        pace.turn()
    assert (project.now, project.counts) == (100.0, 0)


def test_all_but_the_reserve_is_divided_among_the_instances(project: Project) -> None:
    pace = project.pace(Batch(instances=3, per_minute=1800, reserve=0.25))
    assert taken(project, pace, 60) == pytest.approx(450, abs=2)


def test_what_live_streams_take_is_missing(project: Project) -> None:
    pace = project.pace(Batch(instances=1, per_minute=1800, reserve=0.25))
    project.live = 1200
    assert taken(project, pace, 60) == pytest.approx(150, abs=2)


def test_a_live_stream_that_begins_is_noticed_within_ten_seconds(project: Project) -> None:
    pace = project.pace(Batch(instances=1, per_minute=1800, reserve=0.25))
    taken(project, pace, 60)
    project.live = 1350
    taken(project, pace, 10)
    assert taken(project, pace, 60) == 0
    project.live = 0
    taken(project, pace, 10)
    assert taken(project, pace, 60) == pytest.approx(1350, abs=30)


def test_who_would_wait_for_long_is_told_at_once(project: Project) -> None:
    waited: list[float] = []
    pace = Pace(Batch(instances=1, per_minute=4, reserve=0.25), project.calls, project.clock, waited.append)
    pace.turn()
    pace.turn()  # in 20 s
    with pytest.raises(Busy, match="waits for its turn"):
        pace.turn()
    assert waited == [pytest.approx(20)]
    assert project.now == 100.0


def test_live_calls_are_counted_once_in_ten_seconds(project: Project) -> None:
    taken(project, project.pace(Batch(instances=1, per_minute=1800)), 60)
    assert 6 <= project.counts <= 7


@pytest.mark.parametrize("share", ["-0.1", "1.1"])
def test_a_reserve_that_is_no_share_is_refused(monkeypatch: pytest.MonkeyPatch, share: str) -> None:
    monkeypatch.setenv("LIVE_RESERVE", share)
    with pytest.raises(ValueError, match=r"LIVE_RESERVE=.*: expected 0 to 1"):
        shares()
