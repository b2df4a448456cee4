from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from emulator.sample.demo.ledger import Ledger
from emulator.sample.demo.report import Report, spread

START = datetime(2026, 1, 1, tzinfo=UTC)
BOX = {"x": 0.1, "y": 0.2, "width": 0.3, "height": 0.4}


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def segment(sequence: int, *frames: int) -> dict[str, Any]:
    """A segment finalised at 2 s, 4 s, …"""
    return {"sequence": sequence, "finalized_at": after(2 * sequence + 2), "frames": list(frames), "motion": 0.0}


def sampled(media_ms: int) -> dict[str, Any]:
    return {"media_time": media_ms / 1000, "visual": {"brightness": 0.5}, "motion": 0.1}


def analysed(media_ms: int, *labels: str, error: dict[str, str] | None = None) -> dict[str, Any]:
    detections = [{"label": label, "kind": "logo", "confidence": 0.9, "box": BOX} for label in labels]
    logo = {"detections": detections, "error": error}
    return {**sampled(media_ms), "kinds": ["logo", "text"], "analyses": {"logo": logo, "text": {"detections": []}}}


@pytest.fixture
def whole() -> Ledger:
    """Two segments: one with two frames, one that inherits."""
    ledger = Ledger()
    ledger.see_frame(0, sampled(0), after(2.2))
    ledger.see_frame(1000, sampled(1000), after(2.25))
    ledger.see_segment(segment(0, 0, 1000), after(2.3))
    ledger.see_frame(1000, analysed(1000, "Nike"), after(2.6))
    ledger.see_frame(0, analysed(0, "Nike", "Shell"), after(3.0))
    ledger.see_segment(segment(1), after(4.5))
    ledger.see_session({"ended": after(4.1), "segments": 2, "error": None})
    return ledger


def test_it_is_complete_when_every_segment_and_every_frame_is(whole: Ledger) -> None:
    assert whole.complete
    assert whole.missing() == []
    assert whole.errors() == []


def test_latency_runs_from_finalised_to_the_first_and_to_the_last_result(whole: Ledger) -> None:
    assert whole.first_latencies() == [pytest.approx(0.2), pytest.approx(0.5)]
    assert whole.all_latencies() == [pytest.approx(1.0), pytest.approx(0.5)]


def test_a_segment_whose_frames_are_not_all_analysed_has_no_latency_to_all(whole: Ledger) -> None:
    whole.see_segment(segment(2, 4000), after(6.3))
    whole.see_frame(4000, sampled(4000), after(6.2))
    assert len(whole.first_latencies()) == 3
    assert len(whole.all_latencies()) == 2


def test_redelivery_changes_no_latency(whole: Ledger) -> None:
    before = whole.first_latencies(), whole.all_latencies()
    whole.see_frame(0, analysed(0, "Nike", "Shell"), after(30))
    whole.see_segment(segment(0, 0, 1000), after(30))
    assert (whole.first_latencies(), whole.all_latencies()) == before


def test_order_does_not_matter() -> None:
    ledger = Ledger()
    ledger.see_session({"ended": after(3), "segments": 1})
    ledger.see_frame(0, analysed(0), after(2.5))
    assert not ledger.complete
    ledger.see_segment(segment(0, 0), after(2.6))
    assert ledger.complete


def test_a_session_that_has_not_ended_is_not_complete(whole: Ledger) -> None:
    whole.expected = None
    assert whole.missing() == ["the session has not ended"]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        (None, "the frame at 0.000 s was not written by sample"),
        (sampled(0), "the frame at 0.000 s was not written by detect"),
        ({**sampled(0), "kinds": ["logo", "text"], "analyses": {"logo": {}}}, "the frame at 0.000 s lacks text"),
        (analysed(0, error={"code": "quota-exceeded", "message": "quota"}), "the frame at 0.000 s lacks logo"),
    ],
)
def test_what_is_missing_is_named(fields: dict[str, Any] | None, says: str) -> None:
    ledger = Ledger()
    ledger.see_session({"ended": after(3), "segments": 2})
    ledger.see_segment(segment(0, 0), after(2.6))
    if fields:
        ledger.see_frame(0, fields, after(2.7))
    assert ledger.missing() == ["segment 1 was not sampled", says]


def test_a_frame_that_a_segment_does_not_name_is_waited_for_too() -> None:
    ledger = Ledger()
    ledger.see_session({"ended": after(3), "segments": 1})
    ledger.see_segment(segment(0), after(2.6))
    ledger.see_frame(500, sampled(500), after(2.5))
    assert ledger.missing() == ["the frame at 0.500 s was not written by detect"]


def test_a_providers_error_counts_until_a_later_delivery_replaces_it(whole: Ledger) -> None:
    whole.see_frame(0, analysed(0, error={"code": "quota-exceeded", "message": "quota exceeded"}), after(5))
    assert whole.errors() == ["frame at 0.000 s, logo: quota exceeded"]
    whole.see_frame(0, analysed(0, "Nike"), after(6))
    assert whole.errors() == []


def test_an_error_of_the_session_is_told() -> None:
    ledger = Ledger()
    ledger.see_session(
        {"ended": after(3), "segments": 0, "error": {"code": "internal", "message": "the sender went away"}}
    )
    assert ledger.errors() == ["session: the sender went away"]


def test_the_report_has_the_documented_shape(whole: Ledger) -> None:
    assert Report(whole, [], [], []).to_json() == {
        "segments": 2,
        "frames": 2,
        "detections": {"Nike": [0.0, 1.0], "Shell": [0.0]},
        "latency_s": {
            "first": {"p50": 0.2, "p95": 0.5, "max": 0.5},
            "all": {"p50": 0.5, "p95": 1.0, "max": 1.0},
        },
        "errors": [],
        "note": "",
        "truth": [],
        "unexpected": [],
    }


def test_percentiles_are_by_nearest_rank() -> None:
    assert spread([float(n) for n in range(1, 101)]) == {"p50": 50.0, "p95": 95.0, "max": 100.0}
    assert spread([3.0]) == {"p50": 3.0, "p95": 3.0, "max": 3.0}
    assert spread([]) == {"p50": None, "p95": None, "max": None}
