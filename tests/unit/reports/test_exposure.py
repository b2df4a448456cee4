"""Exposure: the rules of docs/exposure.md one by one, and what must hold of any session."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.reports.sessions import Session, failed, look, merged, seen, session, sessions

from pipeline.reports.model import SURE, UNIT, Look, Rect, Sight, Stretch, fill, rect
from pipeline.reports.observations import observations


def test_a_look_holds_until_the_next() -> None:
    total = session(look(0, seen()), look(1, seen()), look(4)).exposure().totals["Velox"]
    assert (total.seconds, total.first, total.last, total.appearances) == (4.0, 0, 4000, 1)


def test_the_last_look_holds_as_long_as_media_was_sampled() -> None:
    assert session(look(0), look(3, seen()), seconds=8).exposure().totals["Velox"].seconds == 5.0


def test_what_was_not_sampled_is_not_counted() -> None:
    stretches = (Stretch(0, 2000), Stretch(6000, 8000))
    report = Session((look(0, seen()), look(6, seen())), stretches).exposure()
    assert report.analysed == 4000
    total = report.totals["Velox"]
    assert (total.seconds, total.appearances) == (4.0, 2)


def test_segments_that_touch_but_for_a_rounding_have_no_hole() -> None:
    stretches = (Stretch(0, 2000), Stretch(2001, 4000), Stretch(4000, 6000))
    assert [one.until for one in observations([look(0, seen())], stretches)] == [6000]


def test_a_failed_analysis_ends_what_was_known_unless_the_picture_was_unchanged() -> None:
    assert session(look(0, seen()), failed(2), seconds=9).exposure().totals["Velox"].seconds == 2.0
    assert session(look(0, seen()), failed(2, unchanged=True), seconds=9).exposure().totals["Velox"].seconds == 9.0


def test_a_failed_analysis_between_two_that_see_it_makes_no_second_appearance() -> None:
    total = session(look(0, seen()), failed(1), look(2, seen()), seconds=3).exposure().totals["Velox"]
    assert (total.seconds, total.appearances) == (2.0, 1)


def test_one_look_that_misses_it_is_mended() -> None:
    total = session(look(0, seen()), look(1), look(2, seen(x=0.12)), look(3)).exposure().totals["Velox"]
    assert (total.seconds, total.appearances) == (3.0, 1)


@pytest.mark.parametrize(
    "looks",
    [
        [look(0, seen()), look(1), look(2), look(2.5, seen()), look(3)],
        [look(0, seen()), look(1), look(3.5, seen()), look(4.5)],
        [look(0, seen()), look(1, cut=True), look(2, seen()), look(3)],
        [look(0, seen()), look(1), look(2, seen(width=0.9, height=0.9)), look(3)],
    ],
    ids=["two misses", "too long", "a cut", "another size"],
)
def test_other_misses_are_two_appearances(looks: list[Look]) -> None:
    total = session(*looks).exposure().totals["Velox"]
    assert total.appearances == 2
    assert total.seconds < 3


def test_two_at_a_time_are_two_appearances_and_one_time() -> None:
    total = session(look(0, seen(x=0.1), seen(x=0.6)), look(2)).exposure().totals["Velox"]
    assert (total.appearances, total.seconds) == (2, 2.0)
    assert total.share == pytest.approx(0.04)


def test_what_two_boxes_cover_counts_once() -> None:
    total = session(look(0, seen(x=0.1), seen(x=0.2)), look(1)).exposure().totals["Velox"]
    assert total.share == pytest.approx(0.03)


def test_share_mean_largest_and_integral() -> None:
    total = session(look(0, seen(width=0.5, height=0.5)), look(1, seen(width=0.2, height=0.5)), look(4)).exposure()
    velox = total.totals["Velox"]
    assert velox.share == pytest.approx((0.25 + 3 * 0.1) / 4)
    assert velox.largest_share == pytest.approx(0.25)
    assert velox.screen_seconds == pytest.approx(0.55)


def test_of_a_box_counts_what_its_corners_cover() -> None:
    box = {"x": 0.1, "y": 0.1, "width": 0.4, "height": 0.2}
    half = fill(box, [0.1, 0.1, 0.5, 0.2, 0.5, 0.3, 0.1, 0.2])
    assert half == SURE // 2
    assert fill(box, [0.1, 0.1, 0.5, 0.1, 0.5, 0.3, 0.1, 0.3]) == SURE
    whole = session(look(0, Sight("Velox", SURE, rect(box))), look(2)).exposure().totals["Velox"]
    leaning = session(look(0, Sight("Velox", SURE, rect(box), half)), look(2)).exposure().totals["Velox"]
    assert (whole.share, leaning.share, leaning.largest_share) == pytest.approx((0.08, 0.04, 0.04))


def test_the_longest_comes_first() -> None:
    report = session(look(0, seen("B"), seen("A")), look(1, seen("A")), look(2)).exposure()
    assert [label for label, _ in report.ranked()] == ["A", "B"]


@given(sessions())
def test_no_label_is_on_longer_than_was_analysed_nor_that_longer_than_the_session(session: Session) -> None:
    report = session.exposure()
    assert 0 <= report.analysed <= session.length
    for total in report.totals.values():
        assert 0 <= total.shown <= report.analysed
        assert 0 <= total.share <= total.largest_share <= 1
        assert total.appearances >= 1
        assert 0 <= total.first <= total.last


@given(sessions(), st.randoms())
def test_the_order_of_detections_does_not_matter(session: Session, random: object) -> None:
    shuffled = tuple(
        Look(one.at, one.sights and tuple(random.sample(one.sights, len(one.sights))), one.unchanged, one.cut)  # type: ignore[attr-defined]
        for one in session.looks
    )
    assert Session(shuffled, session.stretches).exposure() == session.exposure()


@given(sessions(), st.lists(st.integers(0, 30_000), min_size=1, max_size=3))
def test_split_anywhere_and_merged_it_is_the_same(session: Session, cuts: list[int]) -> None:
    edges = sorted({0, *cuts, 31_000})
    parts = [session.exposure(a, b) for a, b in pairwise(edges)]
    whole = parts[0]
    for part in parts[1:]:
        whole = merged(whole, part)
    expected = session.exposure(0, 31_000)
    assert whole.totals == expected.totals
    assert (whole.analysed, whole.until, whole.left_out) == (expected.analysed, expected.until, expected.left_out)


def test_boxes_of_a_document_are_cut_to_the_picture() -> None:
    assert rect({"x": -0.1, "y": 0.5, "width": 0.2, "height": 0.7}) == Rect(0, UNIT // 2, UNIT // 10, UNIT // 2)
