"""The meter: what was settled is not read again, and what is told is always the whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pipeline.reports.live_usage import KEEPS, Meter
from pipeline.reports.usage import Call, CallCounts, FrameCalls, usage_of


class Documents:
    """Frames as they are stored now; `read` counts what was read."""

    def __init__(self) -> None:
        self.frames: list[FrameCalls] = []
        self.read_so_far = 0
        self.now = 0.0
        self.meter = Meter(self.read, lambda: self.now)

    def read(self, stream: str, session: str, since: int) -> Iterator[FrameCalls]:
        for frame in self.frames:
            if frame.at >= since:
                self.read_so_far += 1
                yield frame

    def asked(self) -> tuple[float, int]:
        """Frames told, and documents read for it."""
        before = self.read_so_far
        usage = self.meter.usage("stream", "session")
        assert usage == usage_of(self.frames)
        return usage.frames, self.read_so_far - before


def frame(second: int, *, pending: bool = False, failed: bool = False, age: float = 0.0) -> FrameCalls:
    calls = () if pending else (Call("logo", "vision", 10, failed=failed),)
    return FrameCalls(second * 1000, calls, pending, datetime.now(UTC) - timedelta(seconds=age))


def test_only_new_frames_are_read() -> None:
    documents = Documents()
    documents.frames = [frame(s) for s in range(10)]
    assert documents.asked() == (10, 10)
    assert documents.asked() == (10, 0)
    documents.frames += [frame(10), frame(11)]
    assert documents.asked() == (12, 2)


def test_a_frame_that_waits_is_read_until_it_is_done() -> None:
    documents = Documents()
    documents.frames = [frame(0), frame(1, pending=True), frame(2), frame(3, failed=True)]
    assert documents.asked() == (4, 4)
    documents.frames[1] = frame(1)
    assert documents.asked() == (4, 3)
    documents.frames[3] = frame(3)
    assert documents.asked() == (4, 1)
    assert documents.asked() == (4, 0)


def test_one_that_waits_for_ever_holds_up_nothing() -> None:
    documents = Documents()
    documents.frames = [frame(0, pending=True, age=3600), frame(1)]
    assert documents.asked() == (2, 2)
    assert documents.asked() == (2, 0)


def test_what_was_looked_at_again_is_noticed_in_time() -> None:
    documents = Documents()
    documents.frames = [frame(0)]
    documents.asked()
    documents.frames[0] = replace(frame(0), calls=(Call("logo", "clip", 5),))
    documents.now = KEEPS + 1
    assert documents.asked() == (1, 1)
    assert documents.meter.usage("stream", "session").calls == {("clip", "logo"): CallCounts(1, 0)}


def test_sessions_are_kept_apart() -> None:
    documents = Documents()
    documents.frames = [frame(0)]
    assert documents.asked() == (1, 1)
    assert documents.meter.usage("stream", "another").frames == 1
    assert documents.read_so_far == 2
