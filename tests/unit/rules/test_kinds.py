"""Each kind of rule, on timelines that are written down here: what it fires for, and that it is the same each time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest

from pipeline.domain.acting import Rule, Schedule
from pipeline.domain.errors import BadRequest
from pipeline.reports.model import SURE, UNIT, Observation, Rect, Sight
from pipeline.reports.spoken import Said
from pipeline.rules import evaluate, kinds
from pipeline.rules.model import Part, Timeline

NIKE, VELOX = "Nike", "Velox"
STARTED = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)  # a Monday


def seen(*looks: tuple[float, str], end: float, whole: bool = True, share: float = 0.04) -> Timeline:
    """A timeline of looks: the second at which each begins, and the labels that it has, separated by spaces."""
    times = [*(at for at, _ in looks), end]
    rect = Rect(0, 0, round(UNIT * share), UNIT)
    observed = tuple(
        Observation(
            round(begin * 1000),
            round(until * 1000),
            tuple(Sight(label, SURE, rect) for label in labels.split()),
        )
        for (begin, until), (_, labels) in zip(pairwise(times), looks, strict=True)
    )
    first = round(times[0] * 1000)
    return Timeline(first, round(end * 1000), whole, seen=observed, started=STARTED)


def fired(known: Timeline, **what: Any) -> list[tuple[str, float]]:
    return [(one.episode, one.at / 1000) for one in kinds.read(what).firings(known)]


ABSENT = {"kind": "absent", "label": "nike", "seconds": 20}


def test_absent_fires_once_for_each_time_that_a_label_stays_away() -> None:
    known = seen((0, NIKE), (4, ""), (14, VELOX), (30, NIKE), (31, ""), (50, ""), end=90)
    assert fired(known, **ABSENT) == [("0", 24.0), ("30000", 51.0)]


def test_absent_counts_from_the_beginning_where_that_is_known() -> None:
    known = seen((0, ""), (5, ""), end=30)
    assert fired(known, **ABSENT) == [("start", 20.0)]
    assert fired(replace(known, whole=False), **ABSENT) == []


def test_absent_does_not_count_time_of_which_nothing_is_known() -> None:
    known = seen((0, NIKE), (1, ""), (11, ""), end=19)
    gap = replace(known, seen=(*known.seen, Observation(60_000, 61_000, ())))
    assert fired(gap, **ABSENT) == []
    assert fired(replace(gap, seen=(*gap.seen, Observation(61_000, 64_000, ()))), **ABSENT) == [("0", 62.0)]


@pytest.mark.parametrize("cut", range(25, 90, 5))
def test_however_much_is_known_an_episode_has_the_same_name_and_instant(cut: int) -> None:
    known = seen((0, NIKE), (4, ""), (14, VELOX), (30, NIKE), (31, ""), (50, ""), end=90)
    part = replace(
        known, seen=tuple(replace(s, until=min(s.until, cut * 1000)) for s in known.seen if s.at < cut * 1000)
    )
    whole = fired(known, **ABSENT)
    assert fired(part, **ABSENT) == [one for one in whole if one[1] <= cut]
    later = tuple(one for one in known.seen if one.at >= 30_000)
    assert fired(replace(known, seen=later, whole=False), **ABSENT) == whole[1:]


def test_appears_and_disappears_leave_out_short_absences() -> None:
    known = seen((0, ""), (6, NIKE), (8, ""), (10, NIKE), (12, ""), (30, NIKE), end=31)
    assert fired(known, kind="appears", label=NIKE) == [("6000", 6.0), ("30000", 30.0)]
    assert fired(known, kind="disappears", label=NIKE) == [("10000", 17.0)]
    assert fired(seen((0, NIKE), end=9), kind="appears", label=NIKE) == [("0", 0.0)]
    assert fired(seen((0, NIKE), end=9, whole=False), kind="appears", label=NIKE) == []


def test_confidence_decides_what_counts() -> None:
    sure = seen((0, NIKE), end=9)
    unsure = replace(sure, seen=(Observation(0, 9000, (Sight(NIKE, SURE // 2, None),)),))
    assert fired(sure, kind="appears", label=NIKE, confidence=0.9)
    assert not fired(unsure, kind="appears", label=NIKE, confidence=0.9)


def test_pace_is_judged_at_the_end_of_each_span() -> None:
    pace = {"kind": "pace", "label": NIKE, "seconds": 10, "minutes": 1}
    known = seen((0, NIKE), (12, ""), (60, NIKE), (69, ""), end=125)
    assert fired(known, **pace) == [("60000", 120.0)]
    assert fired(seen((0, NIKE), end=61, share=0.02), **pace) == [("0", 60.0)], "too small to count"
    assert fired(seen((30, ""), (60, ""), end=121, whole=False), **pace) == [("60000", 120.0)], "no half a span"


def test_beside_another() -> None:
    known = seen((0, NIKE), (2, f"{NIKE} {VELOX}"), (4, VELOX), (6, f"{NIKE} {VELOX}"), end=20)
    assert fired(known, kind="beside", label=NIKE, others=[VELOX]) == [("2000", 2.0)]


def test_words_that_are_said_or_shown_and_unsafe_pictures() -> None:
    words = [Said(text, at, at + 0.3) for at, text in enumerate(["Now,", "just", "Do", "it!", "do", "it", "again"])]
    known = replace(seen((0, ""), (1, "JUST-DO-IT"), (3, "adult"), end=9), said=words)
    assert fired(known, kind="word", words="do it") == [("2000", 2.0)]
    assert fired(known, kind="word", words="do that") == []
    assert fired(known, kind="shown", words="do-it") == [("1000", 1.0)]
    assert fired(known, kind="unsafe", labels=["Adult"]) == [("3000", 3.0)]


def test_a_stream_that_stops_or_breaks_off_again_and_again() -> None:
    parts = [Part(at * 2000, at * 2000 + 2000, discontinuity=at in (3, 9, 20, 26)) for at in range(30)]
    known = replace(seen((0, ""), end=60), parts=parts)
    assert fired(known, kind="degraded", breaks=3) == [("40000", 40.0)]
    for seconds, expected in ((80, []), (100, [("60000", 60.0)])):
        now = STARTED + timedelta(seconds=seconds)
        assert fired(replace(known, now=now), kind="stopped", seconds=30) == expected


def test_every_kind_has_a_line_in_the_table_and_none_is_unknown() -> None:
    assert all(kind.__struct_config__.tag == name for name, kind in kinds.KINDS.items())
    with pytest.raises(BadRequest, match=r"'what\.kind' must be one of appears, disappears, absent"):
        kinds.read({"kind": "sings"})
    with pytest.raises(BadRequest, match=r"'what\.seconds' must be a number from 5 to 21600"):
        kinds.read(ABSENT | {"seconds": 1})


@pytest.mark.parametrize(
    ("at", "holds"),
    [
        ("2026-05-04T19:59:00+00:00", False),
        ("2026-05-04T20:00:00+00:00", True),
        ("2026-05-05T03:59:00+00:00", True),
        ("2026-05-05T04:00:00+00:00", False),
        ("2026-05-05T21:00:00+00:00", False),
    ],
)
def test_a_schedule_is_on_the_clocks_of_its_zone_and_may_end_the_next_day(at: str, holds: bool) -> None:
    night = Schedule((0,), time(22), time(6), "Europe/Berlin")
    assert night.holds(datetime.fromisoformat(at)) is holds


def test_the_schedule_and_the_cooldown_hold_for_what_fires() -> None:
    rule = Rule("r", "main", "", ABSENT, schedule=Schedule((0,), time(12, 0), time(12, 1), "UTC"), cooldown=30)
    known = seen((0, NIKE), (4, ""), (30, NIKE), (31, ""), (60, NIKE), (61, ""), end=90)
    found = [one.at / 1000 for one in evaluate.firings(rule, known, STARTED)]
    assert found == [24.0, 51.0]
    at = [(STARTED + timedelta(seconds=second), second) for second in (0, 10, 30, 59, 61)]
    assert [second for _, second in evaluate.spaced(at, 30)] == [0, 30, 61]
