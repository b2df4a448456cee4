"""A short evaluation, the same every time: what the matcher reaches may not sink below these floors. No timing."""

from __future__ import annotations

import cv2
import pytest

from . import alarms, marks
from .finders import gallery
from .pictures import pictures
from .reshot import photographed
from .scenes import scenes
from .split import Part
from .tally import Tally

SEED, WITH_MARK, WITHOUT, SECONDS = 77, 40, 20, 20


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    """As the figures of `make eval`."""
    cv2.setNumThreads(1)


def tallied(part: Part, photographs: bool = False) -> Tally:
    known, tally = marks.gallery(part), Tally()
    find = gallery(photographed(known, SEED) if photographs else known)
    for scene in scenes(known, marks.strangers(part)[:24], pictures(part), SEED, WITH_MARK, WITHOUT):
        tally.add(scene, *find(scene.image))
    return tally


@pytest.mark.parametrize("photographs", [False, True], ids=["drawings", "photographs"])
def test_recall_precision_and_boxes_of_marks_that_were_not_tuned_on(photographs: bool) -> None:
    tally = tallied(Part.REPORTING, photographs)
    figures = tally.figures()
    assert figures["recall from 80 px"] >= 0.88
    assert figures["recall at 40 px"] >= 0.5
    assert figures["precision"] >= 0.97
    assert figures["box overlap"] >= 0.88


def test_footage_without_marks_gets_none() -> None:
    find = gallery(marks.gallery(Part.REPORTING))
    assert [find(picture)[0] for picture in alarms.unmarked(Part.REPORTING, SEED, SECONDS)] == [[]] * SECONDS


def test_what_is_tuned_on_is_not_reported() -> None:
    named = {part: {mark.brand for mark in [*marks.gallery(part), *marks.strangers(part)]} for part in Part}
    assert not named[Part.TUNING] & named[Part.REPORTING]
