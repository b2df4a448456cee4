"""What an HLS push is refused for, and in which words."""

from __future__ import annotations

import base64
import http.client
import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from google.cloud import firestore, storage
from tests.contract.ingest.conftest import Publishing, Service, ServiceFactory
from tests.contract.ingest.found import ended, stored
from tests.contract.ingest.pushing import Encoder, playlist
from tests.unit.ingest.clips import Clip, make_clip

from pipeline.documents import pushes

WRONG = "wrong-key-that-must-not-be-logged"


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_wrong_key_is_refused_and_both_ways_to_send_it_are_named(encoder: Encoder, method: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", encoder.service.port, timeout=20)
    headers = {"Authorization": f"Bearer {WRONG}"}
    connection.request(method, f"/streams/{encoder.stream.id}/a.ts", b"G" * 1000, headers)
    answer = connection.getresponse()

    assert answer.status == 401
    assert {value.partition(" ")[0] for value in answer.headers.get_all("WWW-Authenticate") or []} == {
        "Bearer",
        "Basic",
    }
    assert json.loads(answer.read())["title"] == "Unauthorized"
    assert WRONG not in encoder.service.log.read_text()


def test_the_key_is_taken_as_a_password(encoder: Encoder) -> None:
    login = base64.b64encode(f"any:{encoder.stream.key}".encode()).decode()
    assert encoder.send("PUT", "live.m3u8", playlist([]), Authorization=f"Basic {login}")[0] == 200


def test_ffmpeg_sends_the_key_as_a_password(
    service: Service, stream: Publishing, clip: Clip, bucket: storage.Bucket, db: firestore.Client
) -> None:
    command = ["ffmpeg", "-v", "error", "-i", clip.path, "-c", "copy", "-f", "hls", "-hls_time", "2", "-method", "PUT"]
    url = service.url(stream.id).replace("http://", f"http://any:{stream.key}@")
    subprocess.run([*command, f"{url}/live.m3u8"], check=True, timeout=60)

    assert ended(db, stream)["state"] == "ended"
    assert len(stored(bucket, stream)) == 3


@pytest.mark.parametrize(
    ("name", "body", "status", "says"),
    [
        ("a.vtt", b"WEBVTT", 415, "neither a playlist"),
        ("..%2Fa.ts", b"G", 400, "invalid name"),
        ("a.ts", b"this is not a video at all\n" * 40, 415, "found text"),
        ("a.ts", b"", 415, "empty"),
        ("a.m4s", b"\0\0\0\x08moof", 400, "initialisation segment"),
        ("init.mp4", b"\0\0\0\x08moov" + b"\0\x20\0\0free" + bytes(0x1FFFF8), 400, "at most 1048576"),
        ("live.m3u8", b"hello", 400, "#EXTM3U"),
        ("live.m3u8", b"#EXTM3U\n" + b"#" * (2 << 20), 400, "more than 1 MiB"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(
    encoder: Encoder, name: str, body: bytes, status: int, says: str
) -> None:
    answered, problem = encoder.send("PUT", name, body)

    assert (answered, problem["status"]) == (status, status)
    assert says in problem["detail"]


def test_a_segment_that_is_no_h264_or_begins_anywhere_is_refused(encoder: Encoder, tmp_path: Path) -> None:
    old = make_clip(tmp_path / "old.ts", seconds=1, video="mpeg2video").path.read_bytes()
    status, problem = encoder.send("PUT", "old.ts", old)
    assert (status, "found mpeg2video video and aac sound" in problem["detail"]) == (415, True)

    clip = make_clip(tmp_path / "late.ts", seconds=3, gop=1.0).path
    cut = tmp_path / "cut.ts"
    command = ["ffmpeg", "-v", "error", "-i", clip, "-ss", "0.4", "-c", "copy", "-copyinkf:v", cut]
    subprocess.run(command, check=True, timeout=30)
    status, problem = encoder.send("PUT", "cut.ts", cut.read_bytes())
    assert (status, "does not start with a keyframe" in problem["detail"]) == (415, True)


def test_a_segment_longer_than_a_playlist_may_promise_is_refused(encoder: Encoder, tmp_path: Path) -> None:
    status, problem = encoder.send("PUT", "a.ts", make_clip(tmp_path / "a.ts", seconds=14, gop=99).path.read_bytes())

    assert status == 415
    assert "keyframe interval of 2 seconds" in problem["detail"]


def test_a_segment_that_breaks_off_is_not_kept(encoder: Encoder, clip: Clip, bucket: storage.Bucket) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", encoder.service.port, timeout=20)
    connection.putrequest("PUT", f"/streams/{encoder.stream.id}/a.ts")
    connection.putheader("Authorization", f"Bearer {encoder.stream.key}")
    connection.putheader("Content-Length", "1000000")
    connection.endheaders()
    connection.send(clip.path.read_bytes()[:5000])
    assert connection.sock
    connection.sock.shutdown(1)  # no more comes, and the answer is still read

    answer = connection.getresponse()

    assert (answer.status, b"broke off after 5000 bytes" in answer.read()) == (400, True)
    assert list(bucket.list_blobs(prefix=f"staging/{encoder.stream.id}/")) == []


def test_a_second_sender_is_refused_while_the_first_goes_on(
    services: ServiceFactory, stream: Publishing, pieces: list[bytes]
) -> None:
    encoder = Encoder(services(TRUSTED_HOPS="1"), stream)
    first, second = {"X-Forwarded-For": "203.0.113.8"}, {"X-Forwarded-For": "203.0.113.8, 203.0.113.9"}
    assert encoder.send("PUT", "a0.ts", pieces[0], **first)[0] == 200

    status, problem = encoder.send("PUT", "b0.ts", pieces[0], **second)

    assert (status, problem["title"]) == (409, "Conflict")
    assert "an HLS sender at 203.0.113.8" in problem["detail"]


def test_a_sender_that_was_stopped_is_refused_until_it_pauses(
    encoder: Encoder, stream: Publishing, pieces: list[bytes]
) -> None:
    encoder.segment("a0.ts", pieces[0])
    pushes.refuse(stream.id, "an HLS sender at 127.0.0.1", datetime.now(UTC) + timedelta(seconds=15))

    status, problem = encoder.send("PUT", "a1.ts", pieces[1])

    assert (status, problem["title"]) == (409, "Stopped")
    assert "stop the encoder for 15 s" in problem["detail"]


def test_a_stream_has_64_staged_objects_at_most_and_keeps_its_parameters_longest(
    encoder: Encoder, pieces: list[bytes], bucket: storage.Bucket
) -> None:
    begun = f"staging/{encoder.stream.id}/"
    for number in range(70):
        blob = bucket.blob(f"{begun}old{number:02}.ts" if number else f"{begun}init.mp4")
        blob.metadata = {} if number else {"init": "true"}
        blob.upload_from_string(b"x")

    assert encoder.send("PUT", "new.ts", pieces[0])[0] == 200

    names = {blob.name.removeprefix(begun) for blob in bucket.list_blobs(prefix=begun)}
    assert len(names) == 64
    assert {"init.mp4", "new.ts", "old69.ts"} <= names


def test_a_bit_rate_that_is_too_high_is_refused(
    services: ServiceFactory, stream: Publishing, pieces: list[bytes]
) -> None:
    encoder = Encoder(services(MAX_MBITS="0.01"), stream)
    status, problem = encoder.send("PUT", "a.ts", pieces[0])
    assert status == 415
    assert "more than 0.01: set a lower bit rate" in problem["detail"]
