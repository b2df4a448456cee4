"""HLS push as encoders do it: whole pushes by Debian's ffmpeg, and what senders say of their segments."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from google.cloud import firestore, storage
from tests.contract.ingest.conftest import Publishing, Service
from tests.contract.ingest.found import ended, live, placed, shown, stored
from tests.contract.ingest.pushing import Encoder, playlist
from tests.lint.hls import lint
from tests.unit.ingest.clips import Clip, make_clip, numbers

from pipeline.domain import names


def ffmpeg(
    service: Service,
    stream: Publishing,
    clip: Path,
    *options: str,
    key: str | None = None,
    pace: tuple[str, ...] = ("-re",),
) -> None:
    command = ["ffmpeg", "-v", "error", *pace, "-i", clip, "-c", "copy", "-f", "hls", "-hls_time", "2"]
    command += ["-method", "PUT", "-http_persistent", "1", *options]
    command += ["-headers", f"Authorization: Bearer {key or stream.key}\r\n", f"{service.url(stream.id)}/live.m3u8"]
    subprocess.run(command, check=True, timeout=60)


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


@pytest.mark.parametrize(
    "options", [(), ("-hls_segment_type", "fmp4", "-bsf:a", "aac_adtstoasc")], ids=["transport stream", "fmp4"]
)
def test_ffmpeg_pushes_a_file_at_once(
    service: Service,
    stream: Publishing,
    clip: Clip,
    bucket: storage.Bucket,
    db: firestore.Client,
    options: tuple[str, ...],
) -> None:
    """It opens a connection for each request and awaits no answer: segments and playlists overtake one another."""
    ffmpeg(service, stream, clip.path, "-http_persistent", "0", *options, pace=())

    assert ended(db, stream)["error"] is None
    assert [n for blob in stored(bucket, stream) for n in numbers(blob.download_as_bytes())] == list(range(150))


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


def test_a_last_segment_that_needs_a_longer_target_duration_is_in_a_session_of_its_own(
    encoder: Encoder, stream: Publishing, bucket: storage.Bucket, pieces: list[bytes], tmp_path: Path
) -> None:
    encoder.segment("a0.ts", pieces[0])
    first = encoder.playlist(["a0.ts"])["session"]
    encoder.segment("a1.ts", make_clip(tmp_path / "long.ts", seconds=5, gop=10.0).path.read_bytes())

    outcome = encoder.playlist(["a0.ts", "a1.ts"], ended=True)

    assert outcome["ended"] and outcome["session"] != first
    assert sorted(segment.duration for segment in placed(bucket, stream)) == [2.0, 5.0]
    assert live(bucket, stream, outcome["session"]).endswith("#EXT-X-ENDLIST\n")
