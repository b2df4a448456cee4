"""HLS push as encoders do it: whole pushes by Debian's ffmpeg, and each order of requests by hand."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from google.cloud import firestore, storage
from tests.contract.ingest.conftest import Publishing, Service
from tests.contract.ingest.pushing import Encoder, cut, playlist
from tests.contract.ingest.test_publish import document, ended, stored
from tests.lint.hls import lint
from tests.unit.ingest.clips import Clip, make_clip, numbers

from pipeline import names, objects
from pipeline.model import Segment
from pipeline.store import pushes


def ffmpeg(service: Service, stream: Publishing, clip: Path, *options: str, key: str | None = None) -> None:
    command = ["ffmpeg", "-v", "error", "-re", "-i", clip, "-c", "copy", "-f", "hls", "-hls_time", "2"]
    command += ["-method", "PUT", "-http_persistent", "1", *options]
    command += ["-headers", f"Authorization: Bearer {key or stream.key}\r\n", f"{service.url(stream.id)}/live.m3u8"]
    subprocess.run(command, check=True, timeout=60)


def placed(bucket: storage.Bucket, stream: Publishing) -> list[Segment]:
    return [objects.segment(str(blob.name), blob.metadata or {}) for blob in stored(bucket, stream)]


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("-hls_list_size", "2", "-hls_flags", "delete_segments+program_date_time"),
        ("-http_persistent", "0"),
        ("-hls_segment_type", "fmp4", "-bsf:a", "aac_adtstoasc"),
        ("-hls_playlist_type", "event"),
    ],
    ids=["plain", "deletes", "a connection each", "fmp4", "event"],
)
def test_ffmpeg_pushes_hls(
    service: Service,
    stream: Publishing,
    clip: Clip,
    bucket: storage.Bucket,
    db: firestore.Client,
    options: tuple[str, ...],
) -> None:
    ffmpeg(service, stream, clip.path, *options)

    found = ended(db, stream)
    assert (found["state"], found["source"], found["error"]) == ("ended", "hls", None)
    segments = placed(bucket, stream)
    assert [segment.ref.sequence for segment in segments] == [0, 1, 2]
    assert [round(segment.media_time, 2) for segment in segments] == [0.0, 2.0, 4.0]
    assert [n for blob in stored(bucket, stream) for n in numbers(blob.download_as_bytes())] == list(range(150))
    for name in (names.live_playlist, names.vod_playlist):
        blob = bucket.get_blob(name(stream.id, found["session"]))
        assert blob is not None
        assert lint(blob.download_as_text()) == []
        assert blob.download_as_text().endswith("#EXT-X-ENDLIST\n")
    session = db.document(names.session_path(stream.id, found["session"])).get().to_dict() or {}
    assert (session["segments"], session["width"], session["height"], session["fps"]) == (3, 320, 180, 25.0)
    assert session["started"] == segments[0].program_date_time
    assert list(bucket.list_blobs(prefix=f"staging/{stream.id}/live")) == []


@pytest.fixture(scope="session")
def pieces(clip: Clip, tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """The clip's three segments as ffmpeg cuts them."""
    return [path.read_bytes() for path in cut(clip.path, tmp_path_factory.mktemp("hls") / "cut")]


@pytest.fixture
def encoder(service: Service, stream: Publishing) -> Encoder:
    return Encoder(service, stream)


def shown(bucket: storage.Bucket, stream: Publishing) -> list[int]:
    """The numbers of the pictures in what is stored, those that begin each segment."""
    return [numbers(blob.download_as_bytes())[0] for blob in stored(bucket, stream)]


def live(bucket: storage.Bucket, stream: Publishing, session: str) -> str:
    text = bucket.blob(names.live_playlist(stream.id, session)).download_as_text()
    assert lint(text) == []
    return text


def test_nothing_begins_before_a_playlist_lists_a_segment(
    encoder: Encoder, stream: Publishing, bucket: storage.Bucket, pieces: list[bytes], db: firestore.Client
) -> None:
    assert encoder.playlist([])["session"] is None
    assert encoder.segment("a0.ts", pieces[0])["session"] is None
    assert encoder.playlist(["elsewhere.ts"])["session"] is None

    assert stored(bucket, stream) == []
    assert document(db, stream)["state"] == "idle"


def test_a_playlist_that_comes_before_its_segment_is_caught_up_with(
    encoder: Encoder, stream: Publishing, bucket: storage.Bucket, pieces: list[bytes]
) -> None:
    encoder.segment("a0.ts", pieces[0])
    encoder.playlist(["a0.ts"])
    assert encoder.playlist(["a0.ts", "a1.ts"])["waiting"] == ["a1.ts"]

    answer = encoder.segment("a1.ts", pieces[1])

    assert (answer["segments"], answer["waiting"]) == (2, [])
    assert shown(bucket, stream) == [0, 50]


def test_a_playlist_sent_again_and_a_segment_sent_again_change_nothing(
    encoder: Encoder, stream: Publishing, bucket: storage.Bucket, pieces: list[bytes]
) -> None:
    encoder.segment("a0.ts", pieces[0])
    session = encoder.playlist(["a0.ts"])["session"]
    encoder.segment("a0.ts", pieces[0])
    encoder.playlist(["a0.ts"])
    before = bucket.get_blob(names.live_playlist(stream.id, session))
    encoder.playlist(["a0.ts"])

    after = bucket.get_blob(names.live_playlist(stream.id, session))
    assert before is not None and after is not None
    assert before.generation == after.generation
    assert len(stored(bucket, stream)) == 1


def test_an_older_playlist_that_comes_late_is_ignored(
    encoder: Encoder, stream: Publishing, bucket: storage.Bucket, pieces: list[bytes]
) -> None:
    for index in range(3):
        encoder.segment(f"a{index}.ts", pieces[index])
        encoder.playlist([f"a{index}.ts"], index)

    assert encoder.playlist(["a1.ts"], 1)["segments"] == 3
    assert [segment.discontinuity for segment in placed(bucket, stream)] == [False] * 3


def test_a_segment_that_never_comes_is_skipped_once_two_newer_ones_are_there(
    encoder: Encoder, stream: Publishing, bucket: storage.Bucket, pieces: list[bytes]
) -> None:
    encoder.segment("a0.ts", pieces[0])
    encoder.playlist(["a0.ts"])
    encoder.segment("a2.ts", pieces[1])
    assert encoder.playlist(["a0.ts", "a1.ts", "a2.ts"])["segments"] == 1

    encoder.segment("a3.ts", pieces[2])
    answer = encoder.playlist(["a1.ts", "a2.ts", "a3.ts"], 1)

    assert answer["segments"] == 3
    segments = placed(bucket, stream)
    assert [segment.discontinuity for segment in segments] == [False, True, False]
    assert shown(bucket, stream) == [0, 50, 100]
    assert "#EXT-X-DISCONTINUITY\n" in live(bucket, stream, answer["session"])


def test_the_end_comes_once_the_last_segment_has_come(
    encoder: Encoder, stream: Publishing, bucket: storage.Bucket, pieces: list[bytes], db: firestore.Client
) -> None:
    encoder.segment("a0.ts", pieces[0])
    encoder.playlist(["a0.ts"])
    assert encoder.playlist(["a0.ts", "a1.ts"], ended=True)["ended"] is False

    answer = encoder.segment("a1.ts", pieces[1])

    assert (answer["ended"], answer["segments"]) == (True, 2)
    assert document(db, stream)["state"] == "ended"
    assert live(bucket, stream, answer["session"]).endswith("#EXT-X-ENDLIST\n")


def test_the_end_sent_again_begins_nothing_and_the_next_push_is_a_new_session(
    encoder: Encoder, stream: Publishing, bucket: storage.Bucket, pieces: list[bytes]
) -> None:
    encoder.segment("a0.ts", pieces[0])
    first = encoder.playlist(["a0.ts"], ended=True)
    assert encoder.playlist(["a0.ts"], ended=True)["session"] is None

    encoder.segment("a0.ts", pieces[1])
    second = encoder.playlist(["a0.ts"])

    assert first["session"] != second["session"]
    assert len(stored(bucket, stream)) == 2


def test_an_encoder_that_restarts_goes_on_in_the_session_after_a_discontinuity(
    encoder: Encoder, stream: Publishing, bucket: storage.Bucket, pieces: list[bytes]
) -> None:
    encoder.segment("a0.ts", pieces[0])
    encoder.segment("a1.ts", pieces[1])
    before = encoder.playlist(["a0.ts", "a1.ts"])
    encoder.segment("a0.ts", pieces[2])
    after = encoder.playlist(["a0.ts"])

    assert (after["session"], after["segments"]) == (before["session"], 3)
    assert [segment.discontinuity for segment in placed(bucket, stream)] == [False, False, True]
    live(bucket, stream, after["session"])


def test_the_senders_discontinuity_and_dates_are_kept_where_they_are_plausible(
    encoder: Encoder, stream: Publishing, bucket: storage.Bucket, pieces: list[bytes]
) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    dates = [now - timedelta(seconds=60), now - timedelta(seconds=58), now - timedelta(seconds=20)]
    tags = [f"#EXT-X-PROGRAM-DATE-TIME:{date:%Y-%m-%dT%H:%M:%S}.000+0000" for date in dates]
    tags[2] = f"#EXT-X-DISCONTINUITY\n{tags[2]}"
    for index, piece in enumerate(pieces):
        encoder.segment(f"a{index}.ts", piece)
        encoder.playlist([f"{tags[i]}\na{i}.ts" for i in range(index + 1)])

    segments = placed(bucket, stream)
    assert [segment.program_date_time for segment in segments] == dates
    assert [segment.media_time for segment in segments] == [0.0, 2.0, 40.0]
    assert [segment.discontinuity for segment in segments] == [False, False, True]


def test_a_senders_clock_that_is_far_off_is_not_believed(
    encoder: Encoder, stream: Publishing, bucket: storage.Bucket, pieces: list[bytes]
) -> None:
    encoder.segment("a0.ts", pieces[0])
    encoder.playlist(["#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:10Z\na0.ts"])

    assert abs(placed(bucket, stream)[0].program_date_time - datetime.now(UTC)) < timedelta(minutes=1)


def test_names_in_folders_with_tmp_and_as_addresses_are_understood(
    encoder: Encoder, stream: Publishing, bucket: storage.Bucket, pieces: list[bytes]
) -> None:
    encoder.segment("hd/a0.ts.tmp", pieces[0])
    encoder.segment("hd/a1.ts", pieces[1])
    encoder.segment("hd/a2.ts", pieces[2])
    address = f"http://somewhere.example/streams/{stream.id}/hd/a2.ts?key=hidden"
    status, answer = encoder.send("PUT", "hd/live.m3u8", playlist(["a0.ts", "../hd/a1.ts", address]))

    assert (status, answer["segments"]) == (200, 3)
    assert shown(bucket, stream) == [0, 50, 100]


def test_a_multivariant_playlist_is_taken_and_nothing_follows(encoder: Encoder) -> None:
    text = b"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlive.m3u8\n"
    assert encoder.send("PUT", "master.m3u8", text) == (
        200,
        {"session": None, "segments": 0, "waiting": [], "ended": False},
    )


def test_what_a_sender_deletes_is_answered_and_stays(
    encoder: Encoder, stream: Publishing, bucket: storage.Bucket, pieces: list[bytes]
) -> None:
    encoder.segment("a0.ts", pieces[0])
    encoder.playlist(["a0.ts"])

    assert encoder.send("DELETE", "a0.ts")[0] == 204
    assert encoder.send("DELETE", "never-sent.ts")[0] == 204
    assert len(stored(bucket, stream)) == 1


def test_a_longer_target_duration_goes_on_in_another_session(
    encoder: Encoder, stream: Publishing, bucket: storage.Bucket, pieces: list[bytes], tmp_path: Path
) -> None:
    encoder.segment("a0.ts", pieces[0])
    first = encoder.playlist(["a0.ts"])["session"]
    long = make_clip(tmp_path / "long.ts", seconds=5, gop=10.0).path.read_bytes()
    encoder.segment("a1.ts", long)

    second = encoder.playlist(["a0.ts", "a1.ts"])["session"]

    assert first != second
    assert live(bucket, stream, first).endswith("#EXT-X-ENDLIST\n")
    assert sorted(segment.duration for segment in placed(bucket, stream)) == [2.0, 5.0]
    assert "#EXT-X-TARGETDURATION:6\n" in live(bucket, stream, second)


def test_two_playlists_at_once_store_each_segment_once(
    encoder: Encoder, stream: Publishing, bucket: storage.Bucket, pieces: list[bytes]
) -> None:
    encoder.segment("a0.ts", pieces[0])
    session = encoder.playlist(["a0.ts"])["session"]
    for index in (1, 2):
        encoder.segment(f"a{index}.ts", pieces[index])
    texts = [playlist(["a0.ts", "a1.ts"]), playlist(["a0.ts", "a1.ts", "a2.ts"])] * 2
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(partial(encoder.send, "PUT", "live.m3u8"), texts))

    assert [status for status, _ in answers] == [200] * 4
    assert shown(bucket, stream) == [0, 50, 100]
    assert [segment.media_time for segment in placed(bucket, stream)] == [0.0, 2.0, 4.0]
    assert live(bucket, stream, session).count("#EXTINF") == 3


def test_a_second_sender_is_refused_while_the_first_goes_on(
    encoder: Encoder, stream: Publishing, pieces: list[bytes]
) -> None:
    encoder.segment("a0.ts", pieces[0])

    status, problem = encoder.send("PUT", "b0.ts", pieces[0], **{"X-Forwarded-For": "203.0.113.9"})

    assert (status, problem["title"]) == (409, "Conflict")
    assert "an HLS sender at 127.0.0.1" in problem["detail"]


def test_a_sender_that_was_stopped_is_refused_until_it_pauses(
    encoder: Encoder, stream: Publishing, pieces: list[bytes]
) -> None:
    encoder.segment("a0.ts", pieces[0])
    pushes.refuse(stream.id, "an HLS sender at 127.0.0.1", datetime.now(UTC) + timedelta(seconds=15))

    status, problem = encoder.send("PUT", "a1.ts", pieces[1])

    assert (status, problem["title"]) == (409, "Stopped")
    assert "stop the encoder for 15 s" in problem["detail"]
