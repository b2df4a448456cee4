from datetime import UTC, datetime, timedelta
from typing import Any

from emulator.sample.documents import Change
from emulator.sample.live_console import Follower, Throttle, line

FINALIZED = datetime(2026, 1, 1, tzinfo=UTC)


def frame(**changes: Any) -> dict[str, Any]:
    logos = [
        {"label": "Nike", "kind": "logo", "confidence": 0.8, "box": None},
        {"label": "Nike", "kind": "logo", "confidence": 0.95, "box": None},
    ]
    texts = [{"label": "FINAL LAP", "kind": "text", "confidence": 0.9, "box": None}]
    analyses = {"logo": {"detections": logos}, "text": {"detections": texts}}
    known = {"media_time": 64.5, "finalized_at": FINALIZED, "kinds": ["logo", "text"], "analyses": analyses}
    return {**known, **changes}


def change(kind: str = "frames", session: str = "s1", id: str = "0000064500", **changes: Any) -> Change:
    return Change(kind, session, id, frame(**changes), FINALIZED + timedelta(seconds=0.25))


def test_a_line_says_when_what_how_sure_and_how_late() -> None:
    text = line(64500, frame(), FINALIZED + timedelta(seconds=0.25)).plain
    assert text == "  1:04.50  Nike 0.95  “FINAL LAP” 0.90  0.25 s"


def test_nothing_seen_is_said() -> None:
    assert "nothing" in line(64500, frame(analyses={}), FINALIZED).plain


def test_a_frame_is_told_once_and_when_it_is_complete() -> None:
    follower = Follower()
    assert follower.lines(change(analyses={"logo": {"detections": []}})) == []
    assert len(follower.lines(change())) == 1
    assert follower.lines(change()) == []


def test_a_frame_that_only_detect_has_written_waits_for_sample() -> None:
    incomplete = frame()
    del incomplete["finalized_at"]
    assert Follower().lines(Change("frames", "s1", "0000064500", incomplete, FINALIZED)) == []


def test_the_same_media_time_of_another_session_is_another_frame() -> None:
    follower = Follower()
    assert len(follower.lines(change(session="s1"))) == 1
    assert len(follower.lines(change(session="s2"))) == 1


def test_a_new_session_is_announced_once() -> None:
    follower = Follower()
    assert [text.plain for text in follower.lines(change(kind="sessions", id="s1"))] == ["session s1"]
    assert follower.lines(change(kind="sessions", id="s1")) == []


def test_a_throttle_lets_a_burst_through_then_its_rate_and_counts_the_rest() -> None:
    throttle = Throttle(2)
    assert [throttle.lets(10.0) for _ in range(4)] == [True, True, False, False]
    assert [throttle.lets(10.5), throttle.lets(10.5)] == [True, False]
    assert throttle.taken() == 3
    assert throttle.taken() == 0
