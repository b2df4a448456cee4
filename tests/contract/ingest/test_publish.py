"""Publishing over HTTP, by the senders that people have."""

from __future__ import annotations

import http.client
import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from google.cloud import firestore, storage
from tests.contract.ingest.conftest import Publishing, Service
from tests.contract.ingest.found import document, ended, reached, stored
from tests.contract.ingest.senders import chunks, post
from tests.lint.hls import lint
from tests.unit.ingest.clips import Clip, numbers
from tests.wait import until

from pipeline.cloud import objects
from pipeline.domain import names


def ffmpeg(service: Service, stream: Publishing, clip: Path, kind: str, *options: str) -> None:
    command = ["ffmpeg", "-v", "error", *options, "-i", clip, "-c", "copy", "-f", kind]
    command += ["-method", "POST", "-headers", f"Authorization: Bearer {stream.key}\r\n", service.url(stream.id)]
    subprocess.run(command, check=True, timeout=60)


@pytest.mark.parametrize("kind", ["mpegts", "flv", "mp4", "matroska"])
def test_a_chunked_body_becomes_segments_playlists_and_documents(
    service: Service,
    stream: Publishing,
    clips: dict[str, Path],
    clip: Clip,
    bucket: storage.Bucket,
    db: firestore.Client,
    kind: str,
) -> None:
    status, answer = post(service, stream, chunks(clips[kind]))

    assert (status, answer["segments"], answer["media_seconds"]) == (200, 3, 6.0)
    segments = stored(bucket, stream)
    placed = [objects.segment(str(blob.name), blob.metadata or {}) for blob in segments]
    assert [segment.media_time for segment in placed] == [0.0, 2.0, 4.0]
    assert {segment.duration for segment in placed} == {2.0}
    assert [n for blob in segments for n in numbers(blob.download_as_bytes())] == list(range(clip.pictures))
    assert {blob.content_type for blob in segments} == {"video/mp2t"}
    assert all("immutable" in blob.cache_control for blob in segments)

    live = bucket.get_blob(answer["playlist"])
    vod = bucket.get_blob(names.vod_playlist(stream.id, answer["session"]))
    assert live is not None and vod is not None
    assert (live.cache_control, live.content_type) == ("no-cache", "application/vnd.apple.mpegurl")
    assert lint(live.download_as_text()) == [] and lint(vod.download_as_text()) == []
    assert live.download_as_text().endswith("#EXT-X-ENDLIST\n")
    assert "#EXT-X-PLAYLIST-TYPE:VOD" in vod.download_as_text()

    found = document(db, stream)
    assert (found["state"], found["session"], found["error"]) == ("ended", answer["session"], None)
    assert (found["name"], found["last_segment_at"] > placed[0].program_date_time) == ("Camera", True)
    session = db.document(names.session_path(stream.id, answer["session"])).get().to_dict() or {}
    assert session["started"] == placed[0].program_date_time
    assert session["ended"] >= session["started"]
    assert (session["width"], session["height"], session["fps"]) == (320, 180, 25.0)
    assert session["codecs"].startswith("avc1.") and session["codecs"].endswith(",mp4a.40.2")
    assert (session["segments"], session["media_seconds"], session["repaired"]) == (3, 6.0, 0)
    assert (session["playlist"], session["vod"]) == (live.name, vod.name)


@pytest.mark.parametrize("kind", ["mpegts", "flv", "matroska"])
def test_ffmpeg_publishes_over_http(
    service: Service,
    stream: Publishing,
    clips: dict[str, Path],
    clip: Clip,
    bucket: storage.Bucket,
    db: firestore.Client,
    kind: str,
) -> None:
    ffmpeg(service, stream, clips[kind], kind)

    assert ended(db, stream)["state"] == "ended"
    found = [n for blob in stored(bucket, stream) for n in numbers(blob.download_as_bytes())]
    assert found == list(range(clip.pictures))


def test_a_stream_goes_connecting_live_ended_while_ffmpeg_sends_in_real_time(
    service: Service, stream: Publishing, clip: Clip, db: firestore.Client
) -> None:
    seen: list[tuple[str, str | None]] = []
    document = db.document(names.stream_path(stream.id))
    watch = document.on_snapshot(lambda docs, *_: seen.append((docs[0].get("state"), docs[0].get("session"))))
    try:
        ffmpeg(service, stream, clip.path, "mpegts", "-re")
        ended(db, stream)
        until(lambda: seen[-1][0] == "ended", 60, lambda: f"the end, after {seen},")
    finally:
        watch.unsubscribe()

    states = [state for state, _ in seen]
    assert list(dict.fromkeys(states)) == ["idle", "connecting", "live", "ended"]
    assert all(session for state, session in seen if state == "live")


def test_curl_uploads_and_reads_the_answer(service: Service, stream: Publishing, clip: Clip) -> None:
    command = ["curl", "-sS", "-T", clip.path, "-X", "POST", "-H", "Transfer-Encoding: chunked"]
    command += ["-H", f"Authorization: Bearer {stream.key}", service.url(stream.id)]
    answer = subprocess.run(command, capture_output=True, timeout=60)

    assert json.loads(answer.stdout)["segments"] == 3, answer.stderr


def test_webm_is_transcoded(service: Service, stream: Publishing, webm: Clip, bucket: storage.Bucket) -> None:
    status, answer = post(service, stream, chunks(webm.path))

    assert (status, answer["segments"]) == (200, 3)
    found = [n for blob in stored(bucket, stream) for n in numbers(blob.download_as_bytes())]
    assert found == list(range(webm.pictures))


def vanish(service: Service, stream: Publishing, data: bytes) -> None:
    """Sends all but the end of a body, and is gone."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
    connection.putrequest("POST", f"/streams/{stream.id}")
    connection.putheader("Authorization", f"Bearer {stream.key}")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    connection.send(b"%x\r\n" % len(data) + data + b"\r\n")
    connection.close()


def test_a_sender_that_vanishes_and_comes_back_goes_on_in_its_session(
    service: Service, stream: Publishing, clip: Clip, bucket: storage.Bucket, db: firestore.Client
) -> None:
    data = clip.path.read_bytes()
    vanish(service, stream, data[: len(data) // 2])
    found = reached(db, stream, "reconnecting")
    assert found["reconnect_until"] > datetime.now(UTC)
    shown = [n for blob in stored(bucket, stream) for n in numbers(blob.download_as_bytes())]
    assert len(shown) > 60  # half of 150, less what the last bytes held
    assert shown[:-4] == list(range(len(shown) - 4))  # a reordered picture that was still to come may be missing
    before = len(stored(bucket, stream))

    status, answer = post(service, stream, chunks(clip.path))

    assert (status, answer["session"], answer["segments"]) == (200, found["session"], before + 3)
    placed = [objects.segment(str(blob.name), blob.metadata or {}) for blob in stored(bucket, stream)]
    assert [segment.discontinuity for segment in placed] == [number == before for number in range(before + 3)]
    started = placed[0].program_date_time
    times = [segment.program_date_time - started for segment in placed]
    assert times == [timedelta(milliseconds=round(segment.media_time * 1000)) for segment in placed]
    blob = bucket.get_blob(names.live_playlist(stream.id, found["session"]))
    assert blob is not None
    assert lint(blob.download_as_text()) == []
    assert ended(db, stream)["reconnect_until"] is None


def test_the_next_session_of_a_stream_begins_anew(service: Service, stream: Publishing, clip: Clip) -> None:
    first = post(service, stream, chunks(clip.path))[1]
    second = post(service, stream, chunks(clip.path))[1]

    assert first["session"] != second["session"]
    assert (first["segments"], second["segments"]) == (3, 3)
