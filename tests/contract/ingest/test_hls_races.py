"""Requests of one HLS sender that meet: ffmpeg awaits no answer before its next request."""

from __future__ import annotations

from pathlib import Path

import pytest
from google.cloud import firestore, storage
from tests.contract.ingest.conftest import Publishing, Service
from tests.contract.ingest.found import ended, live, shown, stored
from tests.contract.ingest.pushing import Encoder, cut, playlist
from tests.unit.ingest.clips import Clip, make_clip

from ingest.hls import lease, push, remux, staging
from ingest.hls.listing import parse
from ingest.hls.push import Pusher
from ingest.settings import Ingest
from pipeline.control import push as pushes
from pipeline.control.lease import Lease
from pipeline.documents import leases
from pipeline.documents import pushes as documents
from pipeline.domain.push import Push
from pipeline.domain.settings import load
from pipeline.sessions import stored as sessions


def test_a_segment_that_comes_while_its_playlist_is_decided_is_taken(
    service: Service,
    stream: Publishing,
    bucket: storage.Bucket,
    clip: Clip,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its own request found no decision that waited for it, and the playlist's had looked before it came."""
    first, second, _ = (path.read_bytes() for path in cut(clip.path, tmp_path_factory.mktemp("race") / "cut"))
    encoder = Encoder(service, stream)
    encoder.segment("a0.ts", first)
    encoder.playlist(["a0.ts"])
    look, looks = staging.look, list[str]()

    def late(stream_id: str) -> staging.Stage:
        seen = look(stream_id)
        if not looks:
            encoder.segment("a1.ts", second)
        looks.append(stream_id)
        return seen

    monkeypatch.setattr(staging, "look", late)
    pusher = Pusher(lease.hold(stream.id, "an HLS sender at 127.0.0.1"), load(Ingest))
    listing = parse("live.m3u8", playlist(["a0.ts", "a1.ts"], ended=True), stream.id)
    assert listing

    outcome = pusher.listed(listing)

    assert outcome.ended
    assert outcome.waiting == ()
    assert len(stored(bucket, stream)) == 2


@pytest.mark.parametrize("comes", [True, False], ids=["it comes", "it never comes"])
def test_a_segment_that_the_end_of_its_push_overtook_is_awaited_for_a_while(
    service: Service,
    stream: Publishing,
    bucket: storage.Bucket,
    clip: Clip,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    comes: bool,
) -> None:
    first, second, third = (path.read_bytes() for path in cut(clip.path, tmp_path_factory.mktemp("end") / "cut"))
    for name, data in {"a1.ts": second, "a2.ts": third}.items():
        staging.put(stream.id, name, data, remux.measure(data))
    listing = parse("live.m3u8", playlist(["a0.ts", "a1.ts", "a2.ts"], ended=True), stream.id)
    assert listing
    look, looks = staging.look, list[str]()

    def later(stream_id: str) -> staging.Stage:
        looks.append(stream_id)
        if comes and len(looks) == 4:
            staging.put(stream.id, "a0.ts", first, remux.measure(first))
        return look(stream_id)

    monkeypatch.setattr(staging, "look", later)
    if not comes:
        monkeypatch.setattr(push, "_PATIENCE_SECONDS", 0.1)

    outcome = Pusher(lease.hold(stream.id, "an HLS sender at 127.0.0.1"), load(Ingest)).listed(listing)

    assert outcome.ended
    assert shown(bucket, stream) == [0, 50, 100][not comes :]


def test_a_request_that_outlives_its_push_begins_no_other(
    service: Service,
    stream: Publishing,
    bucket: storage.Bucket,
    db: firestore.Client,
    clip: Clip,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """An older playlist that is decided once the last one has ended everything, and something is still staged."""
    first, second, _ = (path.read_bytes() for path in cut(clip.path, tmp_path_factory.mktemp("late") / "cut"))
    encoder = Encoder(service, stream)
    encoder.segment("a0.ts", first)
    encoder.playlist(["a0.ts"])
    late = Pusher(lease.hold(stream.id, "an HLS sender at 127.0.0.1"), load(Ingest))
    assert encoder.playlist(["a0.ts"], ended=True)["ended"]
    staging.put(stream.id, "a1.ts", second, remux.measure(second))
    listing = parse("live.m3u8", playlist(["a0.ts", "a1.ts"]), stream.id)
    assert listing

    outcome = late.listed(listing)

    assert outcome.ended
    assert ended(db, stream)["session"] == outcome.session
    assert leases.held(stream.id) is None
    assert len(stored(bucket, stream)) == 1


def test_a_push_whose_end_died_before_its_lease_was_let_go_of_is_ended_by_the_repeated_request(
    service: Service,
    stream: Publishing,
    bucket: storage.Bucket,
    db: firestore.Client,
    clip: Clip,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The stream and its lease are in two databases: the stream says already that it has ended."""
    first, _, _ = (path.read_bytes() for path in cut(clip.path, tmp_path_factory.mktemp("dies") / "cut"))
    encoder = Encoder(service, stream)
    encoder.segment("a0.ts", first)
    listing = parse("live.m3u8", playlist(["a0.ts"], ended=True), stream.id)
    assert listing
    dying = Pusher(lease.hold(stream.id, "an HLS sender at 127.0.0.1"), load(Ingest))

    class Crash(Exception):
        pass

    def dies(_: Lease, **__: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(Lease, "release", dies)
        with pytest.raises(Crash):
            dying.listed(listing)
    assert leases.held(stream.id) is not None

    assert encoder.playlist(["a0.ts"], ended=True)["ended"]

    assert ended(db, stream)["error"] is None
    assert leases.held(stream.id) is None
    assert len(stored(bucket, stream)) == 1


@pytest.mark.parametrize("how", ["ends", "moves"])
def test_a_request_that_read_a_push_before_its_end_writes_nothing_over_the_playlists_end(
    service: Service,
    stream: Publishing,
    bucket: storage.Bucket,
    clip: Clip,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
) -> None:
    """Between its reads of the push and of the live playlist another request ends the session, or moves on."""
    first = cut(clip.path, tmp_path / "cut")[0].read_bytes()
    encoder = Encoder(service, stream)
    encoder.segment("a0.ts", first)
    encoder.playlist(["a0.ts"])
    session = encoder.playlist(["a0.ts"])["session"]  # the next one finds nothing to save of the push
    long = make_clip(tmp_path / "long.ts", seconds=5, gop=10.0).path.read_bytes()
    read, ends = pushes.load, list[str]()

    def then_ends(stream_id: str) -> Push | None:
        seen = read(stream_id)
        if not ends:
            if how == "moves":
                encoder.segment("a1.ts", long)
            encoder.playlist(["a0.ts", "a1.ts"] if how == "moves" else ["a0.ts"], ended=how == "ends")
            ends.append(live(bucket, stream, session))
        return seen

    late = Pusher(lease.hold(stream.id, "an HLS sender at 127.0.0.1"), load(Ingest))
    monkeypatch.setattr(pushes, "load", then_ends)
    listing = parse("live.m3u8", playlist(["a0.ts"]), stream.id)
    assert listing

    outcome = late.listed(listing)

    assert outcome.ended == (how == "ends")
    assert ends[0].endswith("#EXT-X-ENDLIST\n")
    assert live(bucket, stream, session) == ends[0]


def test_a_session_that_has_its_end_and_still_its_lease_is_not_continued(
    service: Service, stream: Publishing, bucket: storage.Bucket, clip: Clip, tmp_path: Path
) -> None:
    """Its publisher, of another kind, died between the two."""
    first, second, _ = (path.read_bytes() for path in cut(clip.path, tmp_path / "cut"))
    encoder = Encoder(service, stream)
    encoder.segment("a0.ts", first)
    session = encoder.playlist(["a0.ts"])["session"]
    documents.forget(stream.id)
    sessions.close(stream.id, session)
    end = live(bucket, stream, session)

    encoder.segment("b0.ts", second)
    other = encoder.playlist(["b0.ts"])["session"]

    assert other != session
    assert live(bucket, stream, session) == end
    assert shown(bucket, stream) == [0, 50]
