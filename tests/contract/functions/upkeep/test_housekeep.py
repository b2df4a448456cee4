"""Sessions whose publisher died get their last word, once, and a publisher who came back keeps theirs."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.contract.functions.world import World
from tests.lint.hls import lint, parse
from tests.measured import measuring

from pipeline.cloud import objects
from pipeline.documents import leases, streams
from pipeline.domain import names
from pipeline.domain.errors import Code, Conflict, Failure, LeaseLost
from pipeline.domain.model import Segment, SegmentRef, Stream
from pipeline.domain.playlist import Playlist
from pipeline.maintenance import handler, sessions
from pipeline.maintenance.removal import remove
from pipeline.sessions import stored

NOW = datetime.now(UTC)
LATER = NOW + timedelta(seconds=60)


class Left:
    """A stream whose publisher acquired its lease at NOW, stored `segments` of two seconds, and was not heard again."""

    def __init__(self, world: World, segments: int, *, state: str = "live") -> None:
        self.world = world
        self.id = f"left-{uuid.uuid4().hex[:8]}"
        streams.create(Stream(self.id, "Left"), "key")
        self.lease = leases.acquire(self.id, "http from 192.0.2.7", clock=lambda: NOW)
        self.session = self.lease.session
        streams.record(self.id, self.session, {"state": state, "session": self.session}, {})
        for number in range(segments):
            segment = Segment(
                SegmentRef(self.id, self.session, number), number * 2.0, 2.0, NOW + timedelta(seconds=2 * number)
            )
            blob = world.bucket.blob(names.segment_object(segment.ref))
            blob.metadata = objects.segment_metadata(segment)
            blob.upload_from_string(b"segment")

    def stream(self) -> dict[str, Any]:
        return self.world.db.document(names.stream_path(self.id)).get().to_dict() or {}

    def document(self) -> dict[str, Any]:
        return self.world.db.document(names.session_path(self.id, self.session)).get().to_dict() or {}

    def leased(self) -> bool:
        return self.world.control.document(names.lease_path(self.id)).get().exists

    def text(self, name: str) -> str:
        return self.world.bucket.blob(name).download_as_text()

    def sweep(self, at: datetime) -> None:
        for lease in leases.lapsed(at):
            if lease.stream == self.id:
                sessions.settle(lease, at)


def test_a_session_whose_publisher_died_waits_and_is_closed_then(world: World) -> None:
    left = Left(world, 3)
    left.sweep(NOW + timedelta(seconds=14))
    assert left.stream()["state"] == "live"

    left.sweep(NOW + timedelta(seconds=16))
    assert left.stream()["state"] == "reconnecting"
    assert left.stream()["reconnect_until"] == NOW + timedelta(seconds=35)
    assert left.leased()

    left.sweep(LATER)
    assert (left.stream()["state"], left.stream()["error"]) == ("ended", None)
    assert left.stream()["reconnect_until"] is None
    found = left.document()
    assert (found["segments"], found["media_seconds"], found["started"]) == (3, 6.0, NOW)
    assert found["ended"] == NOW + timedelta(seconds=6)
    live, vod = left.text(found["playlist"]), left.text(found["vod"])
    assert lint(live) == [] and lint(vod) == []
    assert live.endswith("#EXT-X-ENDLIST\n")
    assert [len(parse(text).items) for text in (live, vod)] == [3, 3]
    assert not left.leased()


def test_closing_twice_writes_nothing_the_second_time(world: World) -> None:
    left = Left(world, 2)
    [lease] = [lease for lease in leases.lapsed(LATER) if lease.stream == left.id]
    sessions.settle(lease, LATER)
    before = {blob.name: blob.generation for blob in world.bucket.list_blobs(prefix=f"playlists/{left.id}/")}
    leases.acquire(left.id, "another", session=left.session, clock=lambda: NOW)

    left.sweep(LATER)

    after = {blob.name: blob.generation for blob in world.bucket.list_blobs(prefix=f"playlists/{left.id}/")}
    assert len(before) == 2
    assert after == before
    assert left.stream()["state"] == "ended"


def test_two_that_close_at_once_agree_on_the_last_segment(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of them has listed what is stored before its last segment came, and the other one after."""
    left, listed = Left(world, 3), objects.segments
    closed: list[dict[str, Any]] = []

    def fewer(stream: str, session: str, since: int = 0) -> Iterator[Segment]:
        return (segment for segment in listed(stream, session, since) if segment.ref.sequence < 2)

    def then_another_closes(stream: str, session: str, since: int = 0) -> Iterator[Segment]:
        found = list(listed(stream, session, since))
        monkeypatch.setattr(objects, "segments", fewer)
        closed.append(stored.close(stream, session))
        monkeypatch.setattr(objects, "segments", listed)
        return iter(found)

    monkeypatch.setattr(objects, "segments", then_another_closes)
    closed.append(stored.close(left.id, left.session))

    assert closed[0] == closed[1]
    for name in (names.live_playlist(left.id, left.session), names.vod_playlist(left.id, left.session)):
        assert [item.sequence for item in parse(left.text(name)).items] == [0, 1]


def test_the_window_of_a_playlist_that_stands_does_not_widen(world: World) -> None:
    left = Left(world, 10)
    name = names.live_playlist(left.id, left.session)
    standing = Playlist(6, 12.0)
    for segment in objects.segments(left.id, left.session):
        standing.add(segment)
    objects.write_playlist(name, standing.live())

    left.sweep(LATER)

    live = parse(left.text(name))
    assert (live.number("#EXT-X-MEDIA-SEQUENCE"), live.number("#EXT-X-TARGETDURATION")) == (1, 6)
    assert [item.sequence for item in live.items] == list(range(1, 10))


def test_a_session_that_could_not_be_stored_ends_with_the_reason(world: World) -> None:
    left = Left(world, 1)
    failure = Failure(Code.UNAVAILABLE, "the bucket is on fire")
    left.lease.suspend(NOW, failure)

    left.sweep(LATER)

    assert (left.stream()["state"], left.stream()["error"]) == ("error", failure.fields())
    assert left.document()["error"] == failure.fields()


def test_a_sender_that_never_sent_a_segment_leaves_nothing_open(world: World) -> None:
    left = Left(world, 0, state="connecting")

    left.sweep(LATER)

    assert left.stream()["state"] == "ended"
    assert left.document() == {}
    assert not left.leased()


def test_who_came_back_in_the_last_moment_is_left_alone(world: World) -> None:
    left = Left(world, 2)
    [lease] = [lease for lease in leases.lapsed(LATER) if lease.stream == left.id]
    back = leases.acquire(left.id, "back again", clock=lambda: NOW + timedelta(seconds=34))

    with pytest.raises(Conflict):
        sessions.settle(lease, LATER)

    assert (back.session, back.resumed) == (left.session, True)
    assert not world.bucket.blob(names.live_playlist(left.id, left.session)).exists()
    assert left.stream()["state"] == "live"


def test_a_holder_that_was_only_slow_cannot_go_on_after_its_session_was_closed(world: World) -> None:
    left = Left(world, 2)
    [lease] = [lease for lease in leases.lapsed(LATER) if lease.stream == left.id]
    given_up = leases.give_up(lease)

    with pytest.raises(LeaseLost):
        left.lease.renew()
    fresh = leases.acquire(left.id, "another", clock=lambda: LATER)
    assert fresh.session != left.session
    assert fresh.unfinished == [left.session]
    leases.forget(given_up)
    fresh.renew()


def test_a_deleted_stream_stays_deleted(world: World) -> None:
    left = Left(world, 2)
    [lease] = [lease for lease in leases.lapsed(LATER) if lease.stream == left.id]
    assert remove(left.id, 30.0)

    with pytest.raises(Conflict):
        sessions.settle(lease, LATER)
    left.sweep(LATER)

    assert not world.db.document(names.stream_path(left.id)).get().exists
    assert left.document() == {}
    assert not left.leased()
    assert list(world.bucket.list_blobs(prefix=f"playlists/{left.id}/")) == []


def test_the_function_says_what_it_did(world: World) -> None:
    response = world.apps["housekeep"].test_client().post("/")

    assert response.status_code == 200
    assert set(response.get_json()["done"]) >= {"sessions"}


def test_sessions_that_it_ended_are_counted_once(world: World) -> None:
    left = Left(world, 2)
    with measuring() as measured:
        left.sweep(LATER)
        left.sweep(LATER)
        assert measured.total("sessions_ended") == 1


def test_each_duty_is_timed_whether_it_failed_or_not(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_now: datetime) -> int:
        raise ConnectionError("the database is away")

    monkeypatch.setattr(handler, "DUTIES", {"sessions": lambda _now: 0, "imports": fails})
    with measuring() as measured:
        assert world.apps["housekeep"].test_client().post("/").status_code == 500
        assert [measured.total("housekeeping_seconds", duty=duty) for duty in ("sessions", "imports")] == [1, 1]
