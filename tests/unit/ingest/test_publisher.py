"""Storing in order, without flooding one object's name, and giving up aloud."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from tests.lint.hls import lint_revisions
from tests.unit.ingest.world import Memory

from ingest.session import publisher as module
from ingest.session.publisher import Publisher
from pipeline.domain.errors import Unavailable
from pipeline.domain.model import Segment, SegmentRef
from pipeline.domain.playlist import Playlist

STARTED = datetime(2026, 1, 31, 12, tzinfo=UTC)


def segment(number: int) -> Segment:
    return Segment(SegmentRef("cam", "s", number), number * 2.0, 2.0, STARTED + timedelta(seconds=number * 2))


def started(storage: Memory, listed: list[int], depth: int = 2) -> Publisher:
    publisher = Publisher("cam", "s", storage, Playlist(12, 120.0), depth, lambda s: listed.append(s.ref.sequence))
    publisher.start()
    return publisher


def test_a_burst_of_segments_rewrites_the_playlist_once_a_second_and_always_the_last() -> None:
    storage, listed = Memory(), list[int]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "INTERVAL", 0.2)
        publisher, begun = started(storage, listed), time.monotonic()
        for number in range(50):
            publisher.put(segment(number), b"data")
        publisher.close()
        took = time.monotonic() - begun

    live = storage.revisions["index.m3u8"]
    assert len(storage.segments) == 50
    assert len(live) <= took / 0.2 + 2
    assert listed[-1] == 49
    assert lint_revisions(live) == []
    assert live[-1].endswith("#EXT-X-ENDLIST\n")


def test_a_session_that_goes_on_does_not_rewrite_its_playlist_at_once() -> None:
    storage, playlist = Memory(), Playlist(12, 120.0)
    playlist.add(segment(0))  # stored and listed a moment ago, by the publisher before
    storage.segment(segment(0), b"data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "INTERVAL", 0.2)
        publisher = Publisher("cam", "s", storage, playlist, 2, lambda _: None)
        publisher.start()
        publisher.put(segment(1), b"data")
        publisher.close()
    assert [live.count("#EXTINF") for live in storage.revisions["index.m3u8"]] == [2]


def test_the_playlist_catches_up_without_a_further_segment() -> None:
    storage, listed, caught_up = Memory(), list[int](), threading.Event()

    def note(each: Segment) -> None:
        listed.append(each.ref.sequence)
        if each.ref.sequence == 1:
            caught_up.set()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "INTERVAL", 0.1)
        publisher = Publisher("cam", "s", storage, Playlist(12, 120.0), 2, note)
        publisher.start()
        publisher.put(segment(0), b"data")
        publisher.put(segment(1), b"data")
        assert caught_up.wait(60)
        publisher.close()

    assert listed == [0, 1, 1]


def test_a_full_queue_blocks_whoever_puts() -> None:
    released = threading.Event()
    storage = Memory(before=lambda _: released.wait(60))
    publisher, queued = started(storage, []), list[int]()

    def put_all() -> None:
        for number in range(10):
            publisher.put(segment(number), b"data")
            queued.append(number)

    sender = threading.Thread(target=put_all)
    sender.start()
    sender.join(0.5)
    assert sender.is_alive()
    assert len(queued) <= 3
    released.set()
    sender.join(60)
    publisher.close()

    assert [each.ref.sequence for each, _ in storage.segments] == list(range(10))


def test_a_failure_reaches_whoever_puts_and_later_segments_are_not_stored() -> None:
    def fail(each: Segment) -> None:
        raise Unavailable(f"segment {each.ref.sequence} could not be stored")

    storage = Memory(before=fail)
    publisher = started(storage, [], depth=1)

    with pytest.raises(Unavailable, match="segment 0 could not be stored"):
        for number in range(100):
            publisher.put(segment(number), b"data")
    with pytest.raises(Unavailable, match="segment 0"):
        publisher.close()

    assert storage.log == []


def test_a_session_without_segments_writes_no_playlist() -> None:
    storage = Memory()

    started(storage, []).close()

    assert storage.log == []
