"""Appearances: followed from look to look, listed in pages, their tracks bounded."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.reports.sessions import Session, look, seen, session, sessions

from pipeline.domain.errors import BadRequest
from pipeline.reports.appearances import POINTS, Track, page, shown
from pipeline.reports.model import UNIT, Rect, Stretch
from pipeline.reports.tracking import covered, match


def test_something_that_moves_is_one_appearance_with_a_track() -> None:
    moving = session(*(look(t, seen(x=0.1 * t)) for t in range(5)), look(5)).steps()
    [one] = page(moving, 10).appearances
    assert (one.start, one.end, one.looks, one.shown) == (0, 5000, 5, 5000)
    told = shown(one)
    assert [(point["time"], point["box"]["x"]) for point in told["track"]] == [
        (t, pytest.approx(0.1 * t)) for t in range(5)
    ]
    assert told["share"] == {"mean": 0.02, "max": 0.02}


def test_two_of_the_same_label_keep_their_places() -> None:
    steps = session(look(0, seen(x=0.0), seen(x=0.7)), look(1, seen(x=0.6), seen(x=0.1)), look(2)).steps()
    left, right = page(steps, 10).appearances
    assert [rect.x for _, rect in left.track.points] == [0, UNIT // 10]
    assert [rect.x for _, rect in right.track.points] == [7 * UNIT // 10, 6 * UNIT // 10]


def test_a_label_of_the_whole_frame_has_no_track() -> None:
    whole = replace(seen("Beach"), rect=None)
    [one] = page(session(look(0, whole), look(1, whole), seconds=2).steps(), 10).appearances
    assert (one.shown, shown(one)["track"], shown(one)["share"]["max"]) == (2000, [], 0.0)


def test_the_nearest_belong_together_whatever_is_listed_first() -> None:
    a, b = seen(x=0.1), seen(x=0.5)
    assert match([a, b], [seen(x=0.45), seen(x=0.12)]) == {0: 1, 1: 0}
    assert match([seen("Nordal")], [a]) == {}


def test_no_appearance_goes_by_that_id() -> None:
    with pytest.raises(BadRequest, match="invalid appearance 'yesterday': expected its id"):
        page([], 10, "yesterday")


@given(sessions(), st.integers(1, 5))
def test_pages_put_together_are_the_whole_list(session: Session, limit: int) -> None:
    whole = page(session.steps(), 1000)
    assert not whole.more
    found, after = [], None
    while True:
        part = page(session.steps(), limit, after)
        assert len(part.appearances) <= limit
        found += part.appearances
        if not part.more:
            break
        after = part.appearances[-1].id
    assert found == whole.appearances
    assert [one.id for one in found] == sorted({one.id for one in found})


@given(sessions())
def test_appearances_add_up_to_the_exposure(session: Session) -> None:
    listed, report = page(session.steps(), 1000).appearances, session.exposure()
    for label, total in report.totals.items():
        mine = [one for one in listed if one.label == label]
        assert len(mine) == total.appearances
        assert max(one.shown for one in mine) <= total.shown <= sum(one.shown for one in mine)
        assert (min(one.start for one in mine), max(one.end for one in mine)) == (total.first, total.last)
        assert all(one.shown <= one.end - one.start for one in mine)


@given(st.lists(st.integers(0, 10**8), unique=True, max_size=300).map(sorted))
def test_a_track_is_bounded_and_keeps_its_first_place(times: list[int]) -> None:
    track = Track()
    for at in times:
        track.add(at, Rect(at % UNIT, 0, 1, 1))
    assert len(track.points) <= POINTS
    assert [at for at, _ in track.points] == sorted(at for at, _ in track.points)
    assert {at for at, _ in track.points} <= set(times)
    if times:
        assert track.points[0][0] == times[0]
        assert len(track.points) > POINTS // 2 or len(times) <= POINTS or track.level > 0


def test_a_session_of_a_day_holds_one_track_of_few_points() -> None:
    looks = tuple(look(t, seen()) for t in range(86_400))
    [one] = page(Session(looks, (Stretch(0, 86_400_000),)).steps(), 10).appearances
    assert (one.shown, one.looks) == (86_400_000, 86_400)
    assert POINTS // 2 <= len(one.track.points) <= POINTS


@given(st.lists(st.tuples(*[st.integers(0, 20)] * 2, *[st.integers(1, 20)] * 2), max_size=6))
def test_the_area_of_boxes_together_is_that_of_their_points(given_rects: list[tuple[int, int, int, int]]) -> None:
    points = {(i, j) for x, y, w, h in given_rects for i in range(x, x + w) for j in range(y, y + h)}
    assert covered([Rect(*one) for one in given_rects]) == len(points)
