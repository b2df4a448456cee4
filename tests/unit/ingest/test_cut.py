"""Where segments are cut, as a rule over keyframes alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.media.cut import CutRule
from ingest.media.units import CLOCK

RULE = CutRule.of(2.0, 12)


def cuts(gops: list[float], rule: CutRule = RULE) -> list[float]:
    """The durations of the segments that GOPs of these lengths become, all but the last."""
    durations: list[float] = []
    elapsed = 0
    for gop in (round(each * CLOCK) for each in gops):
        elapsed += gop
        if rule.cuts_at(elapsed, gop):
            durations.append(round(elapsed / CLOCK, 3))
            elapsed = 0
    return durations


@pytest.mark.parametrize(
    ("gop", "segment"),
    [(0.25, 2.0), (0.5, 2.0), (0.96, 1.92), (1.0, 2.0), (1.2, 2.4), (1.5, 1.5), (2.0, 2.0), (3.0, 3.0), (8.3, 8.3)],
)
def test_regular_gops_become_segments_of_about_two_seconds(gop: float, segment: float) -> None:
    assert set(cuts([gop] * 40)) == {segment}


@given(st.lists(st.floats(0.04, 10.4), min_size=1, max_size=200))
def test_no_segment_is_shorter_than_a_second_or_longer_than_the_target_duration(gops: list[float]) -> None:
    for duration in cuts(gops):
        assert 1.0 <= duration < 12.5


@given(st.floats(0.1, 30.0), st.integers(1, 60))
def test_segment_seconds_below_one_still_keep_to_one(seconds: float, longest: int) -> None:
    rule = CutRule.of(seconds, longest)

    assert rule.target >= rule.minimum == CLOCK
    assert rule.longest < (longest + 0.5) * CLOCK


def test_the_longest_segment_still_rounds_to_the_target_duration() -> None:
    assert round(RULE.longest / CLOCK) == 12
    assert round((RULE.longest + 1) / CLOCK + 1e-9) == 13 or (RULE.longest + 1) / CLOCK == 12.5
