"""Where things were followed, reports count them to the frame; where not, from look to look."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.reports.sessions import look, seen, session

from pipeline.reports.appearances import page
from pipeline.reports.model import Look, Sight, Way, Ways


def way(begin: int, end: int, first: Sight, last: Sight, confidence: int | None = None) -> Way:
    assert first.rect and last.rect
    return Way(first.label, ((begin, first.rect), (end, last.rect)), confidence)


def led(one: Look, to: int, *ways: Way) -> Look:
    return replace(one, ways=Ways(to, ways))


A, B = seen(x=0.1), seen(x=0.5)


def test_an_appearance_begins_and_ends_where_its_ways_do() -> None:
    looks = (
        led(look(0), 1000, way(640, 1000, A, A)),
        led(look(1, A), 2000, way(1000, 2000, A, B)),
        led(look(2, B), 3000, way(2000, 2280, B, B)),
        look(3),
    )
    [one] = page(session(*looks, seconds=4).steps(), 10).appearances
    assert (one.start, one.end, one.shown, one.looks) == (640, 2280, 1640, 2)
    [total] = session(*looks, seconds=4).exposure().totals.values()
    assert (total.shown, total.first, total.last, total.appearances) == (1640, 640, 2280, 1)


def test_its_track_follows_the_way() -> None:
    [one] = page(session(led(look(0, A), 2000, way(0, 2000, A, B)), look(2, B)).steps(), 10).appearances
    assert dict(one.track.points)[1000].x == 30_000


def test_what_no_look_has_seen_counts_with_the_confidence_of_the_one_that_did() -> None:
    looks = (led(look(0), 1000, way(400, 1000, A, A, 7000)), led(look(1), 2000, way(1000, 2000, A, A)), look(2, A))
    [one] = page(session(*looks, seconds=3).steps(), 10).appearances
    assert (one.start, one.end, one.sure, one.looks) == (400, 3000, 9000, 2)


def test_parts_of_a_report_add_up_also_where_they_meet_on_a_way() -> None:
    told = session(led(look(0), 1000, way(640, 1000, A, A)), look(1, A), seconds=2)
    [whole] = told.exposure().totals.values()
    parts = [part.totals["Velox"].shown for part in (told.exposure(0, 700), told.exposure(700))]
    assert sum(parts) == whole.shown == 1360


@pytest.mark.parametrize(
    "stale",
    [
        Ways(900, (way(0, 900, A, A),)),
        Ways(1000, (way(0, 1000, B, B),)),
        Ways(1000, (way(0, 1000, A, B),)),
        Ways(1000, ()),
    ],
)
def test_ways_of_other_looks_do_not_count(stale: Ways) -> None:
    told = session(replace(look(0, A), ways=stale), look(1, A), seconds=2)
    [one] = page(told.steps(), 10).appearances
    assert (one.start, one.end, one.shown) == (0, 2000, 2000)


def test_labels_of_the_whole_frame_go_on_beside_ways() -> None:
    beach = replace(seen("Beach"), rect=None)
    told = session(led(look(0, A, beach), 1000, way(0, 400, A, A)), look(1, beach), seconds=2)
    assert {label: total.shown for label, total in told.exposure().totals.items()} == {"Velox": 400, "Beach": 2000}
