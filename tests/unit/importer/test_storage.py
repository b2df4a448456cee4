"""Segments are stored side by side, and listed only once they are durable."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from tests.unit.ingest.world import Memory

from importer.parallel_storage import ParallelStorage
from pipeline.domain.errors import Unavailable
from pipeline.domain.model import Segment, SegmentRef

pytestmark = pytest.mark.breaks_hls_rules  # what is listed here is no playlist


def segment(number: int) -> Segment:
    return Segment(SegmentRef("cam", "s", number), number * 2.0, 2.0, datetime(2026, 1, 31, tzinfo=UTC))


def test_several_are_on_their_way_at_once_and_a_playlist_waits_for_all() -> None:
    memory, meeting = Memory(), threading.Barrier(6, timeout=10)
    memory.before = lambda _: meeting.wait()
    storage = ParallelStorage(memory)
    for number in range(6):
        storage.segment(segment(number), b"data")
    storage.playlist("live/index.m3u8", "text")
    storage.shut()
    assert memory.log[-1] == "index.m3u8"
    assert len(memory.segments) == 6


def test_no_more_than_a_few_wait_in_memory() -> None:
    memory, going, under_way = Memory(), threading.Event(), list[int]()

    def hold(each: Segment) -> None:
        under_way.append(each.ref.sequence)
        going.wait(60)

    memory.before = hold
    storage = ParallelStorage(memory)

    def put() -> None:
        for number in range(20):
            storage.segment(segment(number), b"data")

    putting = threading.Thread(target=put)
    putting.start()
    putting.join(0.2)
    assert putting.is_alive()
    assert len(under_way) <= 6
    going.set()
    putting.join(60)
    storage.playlist("index.m3u8", "text")
    storage.shut()
    assert sorted(under_way) == list(range(20))


def test_a_segment_that_could_not_be_stored_is_never_listed() -> None:
    memory = Memory()

    def fail(each: Segment) -> None:
        if each.ref.sequence == 1:
            raise Unavailable("told to fail")

    memory.before = fail
    storage = ParallelStorage(memory)
    for number in range(3):
        storage.segment(segment(number), b"data")
    with pytest.raises(Unavailable):
        storage.playlist("index.m3u8", "text")
    storage.shut()
    assert memory.revisions == {}
