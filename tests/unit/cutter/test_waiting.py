"""When what a clip shows has been found."""

from __future__ import annotations

import pytest

from cutter.waiting import unfinished
from pipeline.reports.model import Look, Rect, Sight, Ways

MARK = (Sight("Acme", 9000, Rect(0, 0, 10, 10)),)


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ([], False),
        ([Look(0, None)], True),
        ([Look(0, MARK), Look(1000, None)], True),
        ([Look(0, MARK), Look(1000, MARK)], True),
        ([Look(0, ()), Look(1000, MARK)], True),
        ([Look(0, MARK, ways=Ways(1000, ())), Look(1000, MARK)], False),
        ([Look(0, ()), Look(1000, ())], False),
    ],
)
def test_it_is_unfinished_until_all_is_answered_and_followed(looks: list[Look], expected: bool) -> None:
    assert unfinished(looks) is expected
