"""Corrections: what people reject, rename and draw changes the figures, and nothing else does."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from tests.unit.reports.sessions import Session, look, seen, session, sessions

from pipeline.reports.appearances import page
from pipeline.reports.corrections import Action, Correction, corrected
from pipeline.reports.exposure import Exposure, exposure
from pipeline.reports.model import UNIT, Rect

NORDAL = seen("Nordal", x=0.6)
TOLD = session(look(0, seen(), NORDAL), look(2, NORDAL), look(6, seen()), look(9), seconds=10)
VELOX_FIRST, NORDAL_FIRST, VELOX_LATER = "0000000000-001", "0000000000-000", "0000006000-000"


def said(action: Action, appearance: str = "", **more: Any) -> Correction:
    return Correction(appearance or "drawn", "logo", action, appearance, **more)


def after(told: Session, *corrections: Correction) -> Exposure:
    return exposure(corrected(told.steps(), corrections))


def seconds(told: Exposure) -> dict[str, float]:
    return {label: total.seconds for label, total in told.totals.items()}


def test_the_ids_are_those_of_the_listed_appearances() -> None:
    listed = {one.id: one.label for one in page(TOLD.steps(), 10).appearances}
    assert listed == {NORDAL_FIRST: "Nordal", VELOX_FIRST: "Velox", VELOX_LATER: "Velox"}


@given(sessions())
def test_what_is_confirmed_stays_as_it_is(told: Session) -> None:
    every = [said(Action.CONFIRM, one.id) for one in page(told.steps(), 1000).appearances]
    assert after(told, *every).totals == told.exposure().totals


def test_a_rejected_appearance_counts_no_more_and_the_others_do() -> None:
    report = after(TOLD, said(Action.REJECT, VELOX_LATER))
    assert seconds(report) == {"Nordal": 6.0, "Velox": 2.0}
    assert report.analysed == TOLD.exposure().analysed
    assert [total.appearances for total in report.totals.values()] == [1, 1]


def test_a_renamed_appearance_counts_for_its_new_label() -> None:
    assert seconds(after(TOLD, said(Action.RENAME, VELOX_LATER, label="Corva"))) == {
        "Nordal": 6.0,
        "Velox": 2.0,
        "Corva": 3.0,
    }


def test_all_of_a_label_follow_on_request_but_for_what_is_said_of_one() -> None:
    every = said(Action.RENAME, VELOX_FIRST, was="Velox", label="Corva", every=True)
    assert seconds(after(TOLD, every)) == {"Nordal": 6.0, "Corva": 5.0}
    one = Correction("other", "logo", Action.REJECT, VELOX_LATER)
    assert seconds(after(TOLD, every, one)) == {"Nordal": 6.0, "Corva": 2.0}


def test_a_drawn_appearance_is_added_where_it_was_missing() -> None:
    place = Rect(UNIT // 10, UNIT // 10, UNIT // 5, UNIT // 5)
    report = after(TOLD, said(Action.DRAW, label="Corva", start=1500, end=6500, rect=place))
    corva = report.totals["Corva"]
    assert (corva.seconds, corva.first, corva.last, corva.appearances) == (5.0, 1500, 6500, 1)
    assert corva.share == 0.04
    assert seconds(report) == {"Nordal": 6.0, "Velox": 5.0, "Corva": 5.0}
    assert [total.appearances for total in report.totals.values()] == [1, 2, 1]


def test_a_drawn_appearance_of_a_brand_that_was_there_counts_once() -> None:
    place = Rect(UNIT // 10, UNIT // 10, UNIT // 5, UNIT // 10)
    report = after(TOLD, said(Action.DRAW, label="Velox", start=1000, end=3000, rect=place))
    assert report.totals["Velox"].seconds == 6.0
