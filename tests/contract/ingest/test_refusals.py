"""What is refused, and that whoever sends it notices."""

from __future__ import annotations

import http.client
import itertools
import json
import re
import socket
import subprocess
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from google.cloud import firestore, storage
from tests.contract.ingest.conftest import Publishing, Service, ServiceFactory
from tests.contract.ingest.test_publish import chunks, document, ended, post, stored
from tests.lint.hls import lint
from tests.unit.ingest.clips import Clip, make_clip

from pipeline import names
from pipeline.store import leases

WRONG = "wrong-key-that-must-not-be-logged"


def answer_to(service: Service, head: str, *, body: Iterable[bytes] = ()) -> tuple[bytes, int]:
    """What comes back to a raw request, and how many bytes of `body` were sent until it came."""
    sent = 0
    with socket.create_connection(("127.0.0.1", service.port), timeout=20) as connection:
        connection.sendall(head.replace("\n", "\r\n").encode())
        connection.setblocking(False)
        for piece in body:
            try:
                connection.sendall(piece)
                sent += len(piece)
                connection.recv(1, socket.MSG_PEEK)
                break
            except BlockingIOError:
                continue
        connection.settimeout(20)
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    return received, sent


def request(stream: str, key: str, *lines: str) -> str:
    return "\n".join([f"POST /streams/{stream}?key={key} HTTP/1.1", "Host: x", *lines, "", ""])


def test_a_wrong_key_is_refused_before_a_byte_of_the_body_is_sent(service: Service, stream: Publishing) -> None:
    received, _ = answer_to(service, request(stream.id, WRONG, "Transfer-Encoding: chunked"))

    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 401 ")
    assert b"WWW-Authenticate: Bearer" in head and b"Connection: close" in head
    assert b"application/problem+json" in head
    problem = json.loads(body)
    assert (problem["status"], problem["title"]) == (401, "Unauthorized")
    assert "Authorization: Bearer" in problem["detail"]


def test_a_sender_that_asks_first_is_refused_without_being_asked_to_go_on(service: Service, stream: Publishing) -> None:
    lines = ("Transfer-Encoding: chunked", "Expect: 100-continue")
    received, _ = answer_to(service, request(stream.id, WRONG, *lines))

    assert received.startswith(b"HTTP/1.1 401 ")
    assert b"100 Continue" not in received


def test_a_sender_that_asks_first_with_the_right_key_is_told_to_go_on(service: Service, stream: Publishing) -> None:
    lines = ("Transfer-Encoding: chunked", "Expect: 100-continue")
    body = iter([b"5\r\nhello\r\n0\r\n\r\n"])
    received, _ = answer_to(service, request(stream.id, stream.key, *lines), body=body)

    assert received.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 415 ")


def test_a_sender_in_full_flow_reads_the_refusal(service: Service, stream: Publishing) -> None:
    piece = b"10000\r\n" + b"\0" * 65536 + b"\r\n"
    received, sent = answer_to(
        service, request(stream.id, WRONG, "Transfer-Encoding: chunked"), body=itertools.repeat(piece)
    )

    assert received.startswith(b"HTTP/1.1 401 ")
    assert sent < 64 << 20


def test_curl_in_full_flow_prints_the_refusal(service: Service, stream: Publishing, tmp_path: Path) -> None:
    big = tmp_path / "big.ts"
    with big.open("wb") as file:
        file.truncate(256 << 20)
    command = ["curl", "-s", "-w", "%{http_code}", "-T", big, "-X", "POST", "-H", f"Authorization: Bearer {WRONG}"]
    result = subprocess.run([*command, service.url(stream.id)], capture_output=True, timeout=60, text=True)

    assert result.stdout.endswith("401")


@pytest.mark.parametrize("asks", ["0", "1"])
def test_ffmpeg_with_a_wrong_key_fails(service: Service, stream: Publishing, clip: Clip, asks: str) -> None:
    # Plain ffmpeg reads no answer while it sends: it notices that the connection is closed.
    command = ["ffmpeg", "-v", "error", "-re", "-stream_loop", "-1", "-i", clip.path, "-c", "copy", "-f", "mpegts"]
    command += ["-send_expect_100", asks, "-method", "POST", "-headers", f"Authorization: Bearer {WRONG}\r\n"]
    result = subprocess.run([*command, service.url(stream.id)], capture_output=True, timeout=40, text=True)

    assert result.returncode != 0


def test_a_stream_that_does_not_exist_reads_as_a_wrong_key(service: Service) -> None:
    status, problem = post(service, Publishing("no-such-stream", "key"), iter([b"x"]))

    assert (status, problem["title"]) == (401, "Unauthorized")


def test_no_key_reaches_a_log(service: Service, stream: Publishing, clip: Clip) -> None:
    answer_to(service, request(stream.id, WRONG, "Transfer-Encoding: chunked"))
    answer_to(service, f"BAD\x01 /streams/{stream.id}?key={WRONG} HTTP/1.1\n\n")
    post(service, stream, chunks(clip.path))
    command = ["curl", "-s", "-T", clip.path, "-X", "POST", f"{service.url(stream.id)}?key={stream.key}"]
    subprocess.run(command, check=True, capture_output=True, timeout=30)

    log = service.log.read_text()
    assert f"POST /streams/{stream.id} 401" in log
    assert WRONG not in log
    assert stream.key not in log


def bodies(tmp_path: Path) -> dict[str, tuple[bytes, str]]:
    """What is sent, and what the refusal must say."""
    silent = make_clip(tmp_path / "plain.mp4", seconds=1, format="mp4")
    return {
        "empty": (b"", "the body is empty"),
        "text": (b"this is not a video at all\n" * 400, "found text"),
        "noise": (bytes(range(256)) * 4000, "found no video"),
        "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(5000), "found a PNG picture"),
        "a playlist": (b"#EXTM3U\nfile:///etc/passwd\n", "found an HLS playlist"),
        "an MP4 with its index last": (silent.path.read_bytes(), "moov"),
    }


@pytest.mark.parametrize("kind", ["empty", "text", "noise", "a picture", "a playlist", "an MP4 with its index last"])
def test_what_is_no_live_video_is_refused_with_what_was_found_and_the_next_sender_is_taken(
    service: Service, stream: Publishing, clip: Clip, db: firestore.Client, tmp_path: Path, kind: str
) -> None:
    body, found = bodies(tmp_path)[kind]

    status, problem = post(service, stream, iter([body] if body else []))

    assert (status, problem["title"]) == (415, "Unsupported media")
    assert found in problem["detail"]
    assert "MPEG-TS, FLV, fragmented MP4, Matroska or WebM" in problem["detail"]
    state = document(db, stream)
    assert (state["state"], state["error"], state["session"]) == ("error", problem["detail"], None)
    assert post(service, stream, chunks(clip.path))[0] == 200
    assert document(db, stream)["error"] is None


def test_sound_without_a_picture_is_refused(service: Service, stream: Publishing, clip: Clip, tmp_path: Path) -> None:
    sound = tmp_path / "sound.ts"
    subprocess.run(["ffmpeg", "-v", "error", "-i", clip.path, "-vn", "-c", "copy", sound], check=True)

    status, problem = post(service, stream, chunks(sound))

    assert status == 415
    assert "aac sound and no video" in problem["detail"]


def test_keyframes_too_far_apart_end_the_session_with_what_came_before(
    services: ServiceFactory, stream: Publishing, tmp_path: Path, bucket: storage.Bucket, db: firestore.Client
) -> None:
    service = services(MAX_SEGMENT_SECONDS="4")
    sparse = make_clip(tmp_path / "sparse.ts", seconds=12, keys={0, 50})

    status, problem = post(service, stream, chunks(sparse.path))

    assert status == 415
    assert "keyframe interval to 2 seconds" in problem["detail"]
    found = ended(db, stream)
    assert (found["state"], found["error"]) == ("error", problem["detail"])
    assert len(stored(bucket, stream)) == 2
    live = bucket.get_blob(f"playlists/{stream.id}/{found['session']}/index.m3u8")
    assert live is not None and "#EXT-X-ENDLIST" in live.download_as_text()


def held_open(service: Service, stream: Publishing, clip: Clip) -> http.client.HTTPConnection:
    """A sender that has sent its clip and stays."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
    connection.putrequest("POST", f"/streams/{stream.id}?key={stream.key}")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    data = clip.path.read_bytes()
    connection.send(b"%x\r\n" % len(data) + data + b"\r\n")
    return connection


def wait_until(db: firestore.Client, stream: Publishing, state: str) -> dict[str, Any]:
    """Waits for Firestore to say so."""
    reached = threading.Event()
    reference = db.document(f"streams/{stream.id}")
    watch = reference.on_snapshot(lambda docs, *_: docs[0].get("state") == state and reached.set())
    try:
        assert reached.wait(20), reference.get().to_dict()
    finally:
        watch.unsubscribe()
    return reference.get().to_dict() or {}


def test_a_second_publisher_of_a_stream_is_refused(
    services: ServiceFactory, service: Service, stream: Publishing, clip: Clip, db: firestore.Client
) -> None:
    first = held_open(service, stream, clip)
    wait_until(db, stream, "live")

    status, problem = post(services(), stream, chunks(clip.path))

    assert (status, problem["title"]) == (409, "Conflict")
    assert re.search(r"already, by http from 127\.0\.0\.1 since 20\d\d-\S+Z", problem["detail"])
    first.send(b"0\r\n\r\n")
    assert json.loads(first.getresponse().read())["segments"] == 3


def test_more_streams_than_an_instance_takes_are_sent_away(
    services: ServiceFactory, stream: Publishing, other: Publishing, clip: Clip, db: firestore.Client
) -> None:
    service = services(MAX_STREAMS="1")
    first = held_open(service, stream, clip)
    wait_until(db, stream, "live")

    status, problem = post(service, other, chunks(clip.path))

    assert status == 503
    assert "already carries 1 streams" in problem["detail"]
    first.close()


def test_a_silent_sender_is_let_go(
    services: ServiceFactory, stream: Publishing, clip: Clip, db: firestore.Client
) -> None:
    service = services(SENDER_TIMEOUT="1")
    connection = held_open(service, stream, clip)

    answer = connection.getresponse()

    assert answer.status == 200
    assert json.loads(answer.read())["segments"] == 3
    assert document(db, stream)["state"] == "reconnecting"


def test_sigterm_leaves_the_session_to_another_instance(
    services: ServiceFactory, stream: Publishing, clip: Clip, bucket: storage.Bucket, db: firestore.Client
) -> None:
    service = services()
    connection = held_open(service, stream, clip)
    wait_until(db, stream, "live")

    service.process.terminate()
    answer = connection.getresponse()

    assert answer.status == 503
    assert "connect again" in json.loads(answer.read())["detail"]
    assert service.process.wait(10) == 0
    found = document(db, stream)
    assert (found["state"], found["error"]) == ("reconnecting", None)
    assert len(stored(bucket, stream)) == 3
    playlist = names.live_playlist(stream.id, found["session"])
    assert "#EXT-X-ENDLIST" not in bucket.blob(playlist).download_as_text()

    status, answer = post(services(), stream, chunks(clip.path))

    assert (status, answer["session"], answer["segments"]) == (200, found["session"], 6)
    text = bucket.blob(playlist).download_as_text()
    assert lint(text) == []
    assert text.count("#EXT-X-DISCONTINUITY\n") == 1
    assert text.endswith("#EXT-X-ENDLIST\n")


def test_an_operators_stop_ends_the_session_and_tells_the_sender(
    service: Service, stream: Publishing, clip: Clip, db: firestore.Client
) -> None:
    connection = held_open(service, stream, clip)
    wait_until(db, stream, "live")

    assert leases.revoke(stream.id)
    answer = connection.getresponse()

    assert answer.status == 409
    assert "stopped by its operator" in json.loads(answer.read())["detail"]
    assert document(db, stream)["state"] == "ended"
    assert not db.document(names.lease_path(stream.id)).get().exists


def test_a_stream_that_is_deleted_meanwhile_stops_its_sender_and_stays_deleted(
    service: Service, stream: Publishing, clip: Clip, db: firestore.Client
) -> None:
    connection = held_open(service, stream, clip)
    wait_until(db, stream, "live")
    db.recursive_delete(db.document(f"streams/{stream.id}"))
    data = clip.path.read_bytes()
    connection.send(b"%x\r\n" % len(data) + data + b"\r\n")

    answer = connection.getresponse()

    assert answer.status == 404
    assert not db.document(f"streams/{stream.id}").get().exists


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("GET", "/streams/cam", 405)])
def test_refusals_of_the_framework_are_problems_too(service: Service, method: str, path: str, status: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)
    connection.request(method, path)
    answer = connection.getresponse()

    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert json.loads(answer.read())["status"] == status


def test_health_and_info_are_open(service: Service) -> None:
    for path in ("/health", "/"):
        connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)
        connection.request("GET", path)
        answer = connection.getresponse()
        assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")


def test_a_malformed_stream_id_is_a_bad_request(service: Service) -> None:
    status, problem = post(service, Publishing("Not-An-Id", "key"), iter([b"x"]))

    assert (status, problem["title"]) == (400, "Bad request")
