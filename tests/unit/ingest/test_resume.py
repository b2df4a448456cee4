"""Senders that go without a word and come back, and what must not be listed together."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.lint.hls import lint, lint_revisions, parse
from tests.unit.ingest.clips import Clip, make_clip, numbers
from tests.unit.ingest.world import STARTED, Bytes, Held, Memory, Publishing, Records

from ingest.session import lease_keeper
from ingest.session.lease_keeper import LeaseKeeper
from ingest.settings import Ingest
from pipeline.domain import names
from pipeline.domain.errors import LeaseLost, OverQuota, Stopped, Unavailable, UnsupportedMedia
from pipeline.domain.model import SegmentRef

WHOLE_MS = STARTED.replace(microsecond=123_000)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    return make_clip(tmp_path_factory.mktemp("clips") / "clip.ts", seconds=6)


@pytest.fixture
def storage() -> Memory:
    return Memory()


@pytest.fixture
def records() -> Records:
    return Records()


def sends(storage: Memory, records: Records, at: float, data: bytes, *, broken: bool = True) -> Publishing:
    """One stay of a sender that comes `at` seconds after the first."""
    stay = Publishing(storage, records, clock=lambda: STARTED + timedelta(seconds=at))
    stay.lease.resume(at > 0)
    stay.run(Bytes(data, broken=broken))
    return stay


def test_a_sender_that_breaks_off_leaves_a_session_that_waits(clip: Clip, storage: Memory, records: Records) -> None:
    stay = sends(storage, records, 0, clip.path.read_bytes())

    assert records.states() == ["connecting", "live", "reconnecting"]
    assert records.stream()["reconnect_until"] == stay.lease.waits
    assert not stay.lease.released
    assert records.session()["ended"] is None
    live = storage.revisions["index.m3u8"][-1]
    assert len(parse(live).items) == 3
    assert not live.endswith("#EXT-X-ENDLIST\n")
    assert "vod.m3u8" not in storage.revisions


def test_a_sender_that_comes_back_goes_on_after_a_discontinuity_at_its_own_time(
    clip: Clip, storage: Memory, records: Records
) -> None:
    sends(storage, records, 0, clip.path.read_bytes())
    stay = sends(storage, records, 20.5, clip.path.read_bytes(), broken=False)

    segments = [segment for segment, _ in storage.segments]
    assert [s.ref.sequence for s in segments] == list(range(6))
    assert [s.discontinuity for s in segments] == [False, False, False, True, False, False]
    assert [s.media_time for s in segments] == [0.0, 2.0, 4.0, 20.5, 22.5, 24.5]
    assert [s.program_date_time for s in segments] == [WHOLE_MS + timedelta(seconds=s.media_time) for s in segments]
    assert lint_revisions(storage.revisions["index.m3u8"]) == []
    assert lint(storage.revisions["vod.m3u8"][-1]) == []
    assert records.session()["media_seconds"] == 26.5
    assert records.states()[-3:] == ["connecting", "live", "ended"]
    assert records.stream()["reconnect_until"] is None
    assert stay.lease.released


def test_media_time_never_goes_back_for_a_sender_that_was_ahead_of_the_clock(
    clip: Clip, storage: Memory, records: Records
) -> None:
    for at in (0, 1, 2):
        sends(storage, records, at, clip.path.read_bytes())

    segments = [segment for segment, _ in storage.segments]
    assert [s.media_time for s in segments] == [2.0 * n for n in range(9)]
    assert lint_revisions(storage.revisions["index.m3u8"]) == []


def test_five_breaks_lint_clean_while_the_window_moves(clip: Clip, storage: Memory, records: Records) -> None:
    for number in range(6):
        stay = Publishing(storage, records, replace(Ingest(), playlist_window=12.0))
        stay.clock = lambda number=number: STARTED + timedelta(seconds=10 * number)
        stay.lease.resume(number > 0)
        stay.run(Bytes(clip.path.read_bytes(), broken=number < 5))

    revisions = storage.revisions["index.m3u8"]
    assert lint_revisions(revisions) == []
    assert parse(revisions[-1]).number("#EXT-X-DISCONTINUITY-SEQUENCE") == 3
    assert parse(revisions[-1]).number("#EXT-X-MEDIA-SEQUENCE") == 12
    assert sum(item.discontinuity for item in parse(storage.revisions["vod.m3u8"][-1]).items) == 5


def test_a_segment_that_was_stored_and_not_listed_is_listed_by_whoever_goes_on(
    clip: Clip, storage: Memory, records: Records, tmp_path: Path
) -> None:
    sends(storage, records, 0, clip.path.read_bytes())
    whole, longer = Memory(), make_clip(tmp_path / "longer.ts", seconds=8)
    sends(whole, Records(), 0, longer.path.read_bytes())
    storage.segment(*whole.segments[3])

    sends(storage, records, 10, clip.path.read_bytes(), broken=False)

    listed = [item.uri for item in parse(storage.revisions["vod.m3u8"][-1]).items]
    assert listed == [names.segment_uri(SegmentRef("cam", "s", n)) for n in range(7)]
    assert lint_revisions(storage.revisions["index.m3u8"]) == []


def test_a_sender_that_comes_back_and_breaks_off_before_its_first_picture_leaves_it_waiting(
    clip: Clip, storage: Memory, records: Records
) -> None:
    sends(storage, records, 0, clip.path.read_bytes())
    sends(storage, records, 5, clip.path.read_bytes()[:2000])

    assert records.states()[-1] == "reconnecting"
    assert lint_revisions(storage.revisions["index.m3u8"]) == []


def test_a_session_that_had_its_last_word_is_not_gone_on_with(clip: Clip, storage: Memory, records: Records) -> None:
    sends(storage, records, 0, clip.path.read_bytes(), broken=False)

    stay = sends(storage, records, 5, clip.path.read_bytes(), broken=False)

    assert stay.lease.session != "s"
    assert storage.segments[-1][0].ref == SegmentRef("cam", stay.lease.session, 2)
    assert "close s" in storage.log


def test_what_an_earlier_sender_left_unfinished_is_finished_first(
    clip: Clip, storage: Memory, records: Records
) -> None:
    stay = Publishing(storage, records, lease=Held(unfinished=("older",)))
    stay.run(Bytes(clip.path.read_bytes()))

    assert storage.log[0] == "close older"
    assert stay.lease.unfinished == []


def losing(clip: Clip, storage: Memory, records: Records, lost: LeaseLost) -> Publishing:
    stay = Publishing(storage, records)

    class Source(Bytes):
        def read(self, size: int, /) -> bytes:
            if self.taken > len(clip.path.read_bytes()) * 3 // 4:
                stay.keepers[-1].lost = lost
                self.broken = True
                return b""
            return super().read(min(size, 8192))

    with pytest.raises(type(lost)):
        stay.run(Source(clip.path.read_bytes()))
    return stay


def test_an_operators_stop_ends_the_session(clip: Clip, storage: Memory, records: Records) -> None:
    stay = losing(clip, storage, records, Stopped("an operator"))

    assert records.states() == ["connecting", "live", "ended"]
    assert storage.revisions["index.m3u8"][-1].endswith("#EXT-X-ENDLIST\n")
    assert stay.lease.released


def test_a_quota_that_is_used_up_ends_the_session_with_the_reason(
    clip: Clip, storage: Memory, records: Records
) -> None:
    stay = losing(clip, storage, records, OverQuota("stream 's' has used up its 2 hours of media a day"))

    assert records.states() == ["connecting", "live", "error"]
    reason = {"code": "over-quota", "message": "stream 's' has used up its 2 hours of media a day"}
    assert (records.stream()["error"], records.session()["error"]) == (reason, reason)
    assert storage.revisions["index.m3u8"][-1].endswith("#EXT-X-ENDLIST\n")
    assert stay.lease.released


def test_who_lost_the_lease_writes_nothing_more(clip: Clip, storage: Memory, records: Records) -> None:
    stay = losing(clip, storage, records, LeaseLost("another one has it"))

    assert not any("#EXT-X-ENDLIST" in text for text in storage.revisions.get("index.m3u8", []))
    assert "reconnecting" not in records.states() and "ended" not in records.states()
    assert not stay.lease.released


class Away(Held):
    """A lease that cannot be renewed `times` times, because front does not answer; `renewed` is set then."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.left = times
        self.renewed = threading.Event()

    def _do(self, operation: str, **arguments: Any) -> None:
        if self.left:
            self.left -= 1
            raise Unavailable("front did not answer")
        self.renewed.set()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Renewals without a pause."""
    for name in ("RENEW_EVERY", "_AGAIN"):
        monkeypatch.setattr(lease_keeper, name, 0.001)
    return monkeypatch


def test_a_front_that_is_away_for_a_while_costs_no_stream(hasty: pytest.MonkeyPatch) -> None:
    lease = Away(5)
    with LeaseKeeper(lease, lambda: pytest.fail("it was stopped")) as keeper:
        assert lease.renewed.wait(60)
        keeper.check()


def test_a_lease_that_is_not_renewed_in_time_stops_its_publisher(hasty: pytest.MonkeyPatch) -> None:
    hasty.setattr(lease_keeper, "LASTS", 0.01)
    stopped = threading.Event()
    with LeaseKeeper(Away(10_000), stopped.set) as keeper:
        assert stopped.wait(60)
        with pytest.raises(LeaseLost, match="could not be renewed: front did not answer"):
            keeper.check()


@pytest.fixture(scope="module")
def growing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clip]:
    """Keyframes 2, 2, 5, 2 and 10 s apart."""
    keys = {0, 50, 100, 225, 275, 525}
    yield make_clip(tmp_path_factory.mktemp("clips") / "growing.ts", seconds=23, keys=keys)


def test_a_segment_longer_than_was_promised_begins_a_new_session(
    growing: Clip, storage: Memory, records: Records
) -> None:
    stay = Publishing(storage, records)
    summary = stay.run(Bytes(growing.path.read_bytes()))

    sessions = list(dict.fromkeys(segment.ref.session for segment, _ in storage.segments))
    durations = {s: [g.duration for g, _ in storage.segments if g.ref.session == s] for s in sessions}
    assert list(durations.values()) == [[2.0, 2.0], [5.0, 2.0], [10.0, 2.0]]
    assert [n for _, data in storage.segments for n in numbers(data)] == list(range(growing.pictures))
    for session, target in zip(sessions, (4, 6, 12), strict=True):
        revisions = [text for text in storage.revisions["index.m3u8"] if f"/{session}/" in text]
        assert lint_revisions(revisions) == []
        assert revisions[-1].endswith("#EXT-X-ENDLIST\n")
        assert parse(revisions[-1]).number("#EXT-X-TARGETDURATION") == target
        own = [segment for segment, _ in storage.segments if segment.ref.session == session]
        assert [s.ref.sequence for s in own] == list(range(len(own)))
        assert own[0].media_time == 0.0
    instants: list[datetime] = [segment.program_date_time for segment, _ in storage.segments]
    assert instants == sorted(instants)
    assert instants[-1] == WHOLE_MS + timedelta(seconds=21)
    assert summary.session == sessions[-1] == records.stream()["session"]
    assert stay.lease.unfinished == []
    assert records.states() == ["connecting", "live", "live", "live", "ended"]


def test_keyframes_sparser_than_the_longest_segment_are_refused(growing: Clip, storage: Memory) -> None:
    records = Records()
    with pytest.raises(UnsupportedMedia, match="keyframe interval"):
        Publishing(storage, records, replace(Ingest(), max_segment_seconds=4)).run(Bytes(growing.path.read_bytes()))
    assert records.states()[-1] == "error"
