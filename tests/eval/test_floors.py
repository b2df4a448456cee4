"""A short evaluation, the same every time: what the matcher reaches may not sink below these floors. No timing."""

from __future__ import annotations

import cv2
import pytest

from . import alarms, marks
from .finders import gallery
from .pictures import pictures
from .real import scenes as real
from .reshot import photographed
from .scenes import Scene, scenes
from .split import Part
from .tally import Tally

SEED, WITH_MARK, WITHOUT, SECONDS = 77, 40, 20, 20
REAL = 8  # scenes of each condition


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    """As the figures of `make eval`."""
    cv2.setNumThreads(1)


@pytest.fixture(scope="module")
def shown() -> list[Scene]:
    """Made once: painting and coding them takes about as long as looking at them."""
    known, strange = marks.gallery(Part.REPORTING), marks.strangers(Part.REPORTING)[:24]
    return list(scenes(known, strange, pictures(Part.REPORTING), SEED, WITH_MARK, WITHOUT))


@pytest.mark.parametrize("photographs", [False, True], ids=["drawings", "photographs"])
def test_recall_precision_and_boxes_of_marks_that_were_not_tuned_on(shown: list[Scene], photographs: bool) -> None:
    known, tally = marks.gallery(Part.REPORTING), Tally()
    find = gallery(photographed(known, SEED) if photographs else known)
    for scene in shown:
        tally.add(scene, *find(scene.image))
    figures = tally.figures()
    assert figures["recall from 80 px"] >= 0.97
    assert figures["recall at 40 px"] >= 0.8
    assert figures["precision"] >= 0.99
    assert figures["box overlap"] >= 0.95


def test_recall_and_precision_of_marks_that_lean_are_turned_or_partly_hidden() -> None:
    known, tally = marks.broad(Part.REPORTING), Tally()
    find = gallery(known)
    for condition in ("oblique, 60°", "any rotation", "hidden, 25 %"):
        for scene in real.scenes(condition, known, pictures(Part.REPORTING), SEED, REAL):
            tally.add(scene, *find(scene.image))
    assert tally.recall() >= 0.7
    assert tally.precision() >= 0.9


def test_footage_without_marks_gets_none() -> None:
    find = gallery(marks.gallery(Part.REPORTING))
    assert [find(picture)[0] for picture in alarms.unmarked(Part.REPORTING, SEED, SECONDS)] == [[]] * SECONDS


def test_what_is_tuned_on_is_not_reported() -> None:
    named = {part: {mark.brand for mark in [*marks.gallery(part), *marks.strangers(part)]} for part in Part}
    assert not named[Part.TUNING] & named[Part.REPORTING]
