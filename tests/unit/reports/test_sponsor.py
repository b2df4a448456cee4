"""The sponsor's report: each measure by a session made by hand, and what must hold of any session."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from tests.unit.reports.sessions import Session, look, seen, session, sessions

from pipeline.reports.measures.audience import Curve
from pipeline.reports.measures.placements import Zone
from pipeline.reports.measures.quality import WEIGHTS
from pipeline.reports.measures.reading import Reading
from pipeline.reports.model import SURE, UNIT, Look, Rect, Sight, Way, Ways
from pipeline.reports.observations import observations
from pipeline.reports.spoken import Said
from pipeline.reports.sponsor import mentions
from pipeline.reports.sponsor.money import Rates
from pipeline.reports.sponsor.report import Part, Report
from pipeline.reports.sponsor.table import as_csv
from pipeline.reports.tracking import followed


def report(*told: Session, brands: tuple[str, ...] = (), rates: Rates | None = None, **reading: Any) -> dict[str, Any]:
    made = Report("logo", brands, rates or Rates())
    for number, one in enumerate(told):
        made.add(Part("cup", f"s{number}", None, Reading(number, **reading)), one.steps())
    return made.told()


def velox(*told: Session, **how: Any) -> dict[str, Any]:
    return next(one for one in report(*told, **how)["labels"] if one["label"] == "Velox")


def seconds(figures: dict[str, Any]) -> dict[str, float]:
    return {name: figure["seconds"] for name, figure in figures.items() if figure["seconds"]}


@given(sessions())
def test_it_says_the_same_as_the_report_of_exposure(told: Session) -> None:
    exposure, labels = told.exposure(), {one["label"]: one for one in report(told)["labels"]}
    assert labels.keys() == exposure.totals.keys()
    for label, total in exposure.totals.items():
        one = labels[label]
        assert one["on_screen"]["seconds"] == total.seconds
        assert one["appearances"] == total.appearances
        assert one["share"]["mean"] == round(total.share, 6)
        assert one["share"]["seconds"] == round(total.screen_seconds, 4)


@given(sessions())
def test_every_figure_adds_up_and_is_the_sum_of_the_ranges_that_it_names(told: Session) -> None:
    for one in report(told)["labels"]:
        shown = one["on_screen"]["seconds"]
        for figure in (one["on_screen"], one["alone"], one["viewable"], *one["fields"].values()):
            assert sum(part["to"] - part["from"] for part in figure["ranges"]) == pytest.approx(figure["seconds"])
        assert sum(seconds(one["bands"]).values()) == pytest.approx(sum(seconds(one["fields"]).values()))
        assert sum(seconds(one["bands"]).values()) <= shown + 1e-6
        assert one["viewable"]["seconds"] <= shown
        assert one["alone"]["seconds"] <= shown
        assert all(value is None or 0 <= value <= 1 for value in one["quality"]["factors"].values())


def test_bands_of_size() -> None:
    sizes = [seen(width=0.2, height=0.1), seen(width=0.25, height=0.1), seen(width=0.25, height=0.2)]
    one = velox(session(*(look(at, sight) for at, sight in enumerate(sizes)), seconds=3))
    assert seconds(one["bands"]) == {"under_2_5": 1.0, "from_2_5": 1.0, "from_5": 1.0}
    assert one["size"] == pytest.approx((0.2 + 0.25 + 0.5) / 3, abs=1e-4)


def test_position_in_nine_fields() -> None:
    one = velox(session(look(0, seen(x=0.0, y=0.0)), look(1, seen(x=0.4, y=0.45)), look(3), seconds=4))
    assert seconds(one["fields"]) == {"top left": 1.0, "middle centre": 2.0}
    assert one["main_field"] == "middle centre"
    assert one["position"] == pytest.approx((2 * 1.0 + 1 - (0.8**2 + 0.9**2) ** 0.5 / 2**0.5) / 3, abs=1e-3)


def test_the_frames_edge_cuts_off_what_reaches_it() -> None:
    one = velox(session(look(0, seen(x=0.0)), look(1, seen(x=0.1)), look(4), seconds=5))
    assert one["cut_off"]["ranges"] == [{"session": 0, "from": 0.0, "to": 1.0}]
    assert one["visibility"] == 0.75


def test_alone_or_in_clutter_and_beside_what() -> None:
    nordal = seen("Nordal", x=0.6)
    told = session(look(0, seen()), look(2, seen(), nordal), look(3, nordal), seconds=4)
    one = velox(told, brands=("Velox",))
    assert (one["alone"]["seconds"], seconds(one["beside"]), one["most_beside"]) == (2.0, {"Nordal": 1.0}, 1)
    assert one["solus"] == pytest.approx((2 + 0.5) / 3, abs=1e-4)


def test_duration_unbroken() -> None:
    one = velox(session(look(0, seen()), look(2), look(6, seen()), seconds=12))
    assert (one["unbroken"]["runs"], one["unbroken"]["mean"]) == (2, 4.0)
    assert one["unbroken"]["longest"]["ranges"] == [{"session": 0, "from": 6.0, "to": 12.0}]
    assert one["duration"] == pytest.approx((2 * 0.4 + 6) / 8)


@pytest.mark.parametrize(
    ("sight", "until", "viewable"),
    [
        (seen(width=0.2, height=0.1), 1.0, 1.0),
        (seen(width=0.2, height=0.1), 0.9, 0.0),
        (seen(width=0.1, height=0.1), 5.0, 0.0),
        (seen(x=0.0, width=0.2, height=0.1), 5.0, 0.0),
    ],
    ids=["enough", "too short", "too small", "cut off"],
)
def test_viewable_is_what_is_long_large_and_whole_enough(sight: Sight, until: float, viewable: float) -> None:
    assert velox(session(look(0, sight), look(until), seconds=6))["viewable"]["seconds"] == viewable


def test_share_of_voice_is_among_the_chosen_brands() -> None:
    told = session(look(0, seen(), seen("Nordal", x=0.6)), look(3, seen("Nordal"), seen("Ampere", x=0.6)), seconds=4)
    chosen = {one["label"]: one["voice"] for one in report(told, brands=("Velox", "Nordal", "Corva"))["labels"]}
    assert {label: voice["seconds"] for label, voice in chosen.items()} == {
        "Nordal": pytest.approx(4 / 7, abs=1e-6),
        "Velox": pytest.approx(3 / 7, abs=1e-6),
        "Corva": 0.0,
    }


def test_sharpness_counts_for_as_long_as_it_is_known() -> None:
    def step(at: int, sharpness: int | None) -> Look:
        place = Rect(UNIT // 10, UNIT // 10, UNIT // 5, UNIT // 10)
        way = Way("Velox", ((at * 1000, place), (at * 1000 + 1000, place)), sharpness=sharpness)
        return Look(at * 1000, (Sight("Velox", 9000, place),), ways=Ways(at * 1000 + 1000, (way,)))

    one = velox(session(step(0, SURE // 2), step(1, None), look(2, seen()), seconds=2))
    assert (one["sharpness"], one["sharpness_seconds"]) == (0.5, 1.0)
    assert one["quality"]["factors"]["sharpness"] == 0.5


def test_placements_are_zones_of_the_picture() -> None:
    zones = (Zone("Boards", "board", Rect(0, 0, UNIT, UNIT // 2)), Zone("Bug", "graphic", Rect(0, 0, UNIT, UNIT)))
    one = velox(session(look(0, seen(y=0.1)), look(1, seen(y=0.8)), seconds=4), zones=zones)
    assert seconds(one["placements"]) == {"Boards": 1.0, "Bug": 3.0}
    assert one["placements"]["Bug"]["screen_seconds"] == pytest.approx(0.06)


def test_impressions_are_the_audience_meanwhile_and_money_comes_from_the_users_rates_alone() -> None:
    told = session(look(0, seen()), look(2), look(6, seen()), look(8), seconds=9)
    curve = Curve.of([(7000, 3000.0), (0, 1000.0)])
    assert velox(told, curve=curve)["value"] is None
    rates = Rates("EUR", per_thousand=5.0, per_30_seconds=30.0)
    one = velox(told, curve=curve, rates=rates)
    assert one["audience"] == {"impressions": 1000 + 2000, "viewer_seconds": 2 * 1000 + 1000 + 3000}
    assert one["value"] == pytest.approx(3 * 5 + 4)
    assert report(told, rates=rates)["formulas"]["value"] == "value (EUR) = impressions / 1000 × 5 + seconds / 30 × 30"
    assert velox(told, rates=rates)["value"] is None, "without an audience there is no price for a thousand of it"


def test_quality_is_what_its_formula_says_of_the_factors_that_are_known() -> None:
    quality = velox(session(look(0, seen()), seconds=5))["quality"]
    known = {name: value for name, value in quality["factors"].items() if value is not None}
    assert known.keys() == WEIGHTS.keys() - {"sharpness"}
    index = 100 * sum(WEIGHTS[name] * value for name, value in known.items()) / sum(WEIGHTS[name] for name in known)
    assert quality["index"] == pytest.approx(index, abs=0.01)


def test_several_sessions_are_added_up_and_a_run_ends_with_its_session() -> None:
    one = velox(session(look(0, seen()), seconds=4), session(look(0, seen()), look(3), seconds=4))
    assert (one["on_screen"]["seconds"], one["appearances"], one["unbroken"]["runs"]) == (7.0, 2, 2)
    assert [part["session"] for part in one["on_screen"]["ranges"]] == [0, 1]


def test_the_last_picture_that_a_thing_is_in_counts_for_as_long_as_a_picture_lasts() -> None:
    place = Rect(UNIT // 10, UNIT // 10, UNIT // 5, UNIT // 10)
    way = Way("Velox", ((0, place), (960, place)))
    looks = [Look(0, (Sight("Velox", 9000, place),), ways=Ways(2000, (way,))), look(2)]
    told = Session(tuple(looks), session(seconds=3).stretches)
    shown = [
        sum(
            step.observation.until - step.observation.at
            for step in followed(observations(looks, told.stretches), frame)
            if step.observation.sights
        )
        for frame in (0, 40)
    ]
    assert shown == [960, 1000]


def test_mentions_are_whole_words_however_they_are_written() -> None:
    said = [
        Said(text, at, at + 0.5)
        for at, text in enumerate(["With", "Red", "Bull,", "not", "REDBULLS", "or", "Nordal's"])
    ]
    names = {"Red Bull": ("Red Bull", "redbull"), "Nordal": ("nordal",)}
    assert mentions.spoken(said, names) == {"Red Bull": [1000], "Nordal": [6000]}


def test_the_table_has_a_row_for_each_label_and_no_formula() -> None:
    told = report(session(look(0, seen("=Velox")), seconds=2))
    rows = list(csv.DictReader(io.StringIO(as_csv(told).removeprefix("\ufeff"))))
    assert [(row["label"], row["seconds"], row["value"]) for row in rows] == [("'=Velox", "2.0", "")]
