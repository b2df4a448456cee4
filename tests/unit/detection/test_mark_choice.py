"""The marks of a gallery: all of a few brands, fewer each of many, and never more than there is room for."""

from __future__ import annotations

import pytest

from pipeline.detection.mark_choice import MOST, chosen
from pipeline.domain.model import Brand


def brands(*marks: int) -> list[Brand]:
    """Brands with so many marks each."""
    return [
        Brand(f"b{number:03d}", "B", references=tuple(f"m{mark}" for mark in range(count)))
        for number, count in enumerate(marks)
    ]


def counts(found: list[Brand]) -> list[int]:
    return [len(brand.references) for brand in found]


def test_all_marks_of_a_few_brands_are_looked_for() -> None:
    some = brands(20, 3, 20)
    assert chosen(reversed(some)) == some


def test_a_brand_without_marks_takes_no_room() -> None:
    assert counts(chosen(brands(0, 2, 0))) == [2]


@pytest.mark.parametrize(("many", "each"), [(8, 12), (40, 2), (100, 1), (300, 1)])
def test_of_many_brands_each_has_its_first_marks_looked_for(many: int, each: int) -> None:
    found = chosen(brands(*[20] * many))
    assert counts(found) == [each] * min(many, MOST)
    assert found[0].references == tuple(f"m{mark}" for mark in range(each))
    assert sum(counts(found)) <= MOST


def test_a_brand_with_many_marks_takes_none_of_those_with_a_few() -> None:
    assert counts(chosen(brands(*[2] * 45, 20))) == [2] * 45 + [10]
