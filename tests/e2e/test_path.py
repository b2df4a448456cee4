"""The sample clip through the whole stack: everything arrives, and what is seen is what is there."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.sample.demo.session import Run
from emulator.sample.demo.truth import compare, strangers

pytestmark = pytest.mark.stack
SEGMENT = 2.0  # s


@pytest.fixture(scope="module")
def done(sample_run: Run) -> Run:
    return sample_run


def test_every_segment_is_sampled_and_every_frame_analysed(done: Run, truth: dict[str, Any]) -> None:
    assert (done.errors, done.ledger.missing(), done.ledger.errors()) == ([], [], [])
    assert done.ledger.expected == truth["duration"] / SEGMENT
    assert len(done.ledger.frames) >= truth["duration"] / 4, "a frame every four seconds at least"


def test_every_brand_is_found_at_its_time(done: Run, truth: dict[str, Any]) -> None:
    verdicts = [v for v in compare(truth, done.ledger.sightings(), truth["duration"]) if v.kind == "logo"]
    assert len(verdicts) == len(truth["appearances"])
    for verdict in verdicts:
        assert verdict.found, f"{verdict.label} was never seen from {verdict.start} to {verdict.end} s"
        assert verdict.seen[0] <= verdict.start + SEGMENT, verdict
        assert verdict.seen[-1] >= verdict.end - SEGMENT, verdict


def test_no_brand_is_named_where_there_is_none(done: Run, truth: dict[str, Any]) -> None:
    assert strangers(truth, done.ledger.sightings(), truth["duration"]) == []


def test_boxes_sit_on_the_marks_and_never_fill_the_frame(done: Run, truth: dict[str, Any]) -> None:
    for verdict in compare(truth, done.ledger.sightings(), truth["duration"]):
        if verdict.kind == "logo":
            assert verdict.overlap is not None
            assert verdict.overlap >= 0.7, verdict
    logos = [s for s in done.ledger.sightings() if s.kind == "logo"]
    assert all(s.box and s.box.width * s.box.height < 0.25 for s in logos)


def test_titles_are_read(done: Run, truth: dict[str, Any]) -> None:
    verdicts = [v for v in compare(truth, done.ledger.sightings(), truth["duration"]) if v.kind == "text"]
    assert verdicts
    assert [v.label for v in verdicts if not v.found] == []
