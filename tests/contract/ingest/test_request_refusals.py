"""What is refused for its key, path or method alone, and that its sender notices."""

from __future__ import annotations

import http.client
import itertools
import json
import socket
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import pytest
from tests.contract.ingest.conftest import Publishing, Service
from tests.contract.ingest.senders import chunks, post
from tests.unit.ingest.clips import Clip

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
    return "\n".join([f"POST /streams/{stream} HTTP/1.1", "Host: x", f"Authorization: Bearer {key}", *lines, "", ""])


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
    command = ["curl", "-s", "-T", clip.path, "-X", "POST", "-H", f"Authorization: Bearer {stream.key}"]
    subprocess.run([*command, service.url(stream.id)], check=True, capture_output=True, timeout=30)

    log = service.log.read_text()
    assert f"POST /streams/{stream.id} 401" in log
    assert WRONG not in log
    assert stream.key not in log


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


@pytest.mark.parametrize(
    "framing",
    [
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\nabc",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        "Content-Length: 3\r\nContent-Length: 0\r\n\r\nabc",
        "Content-Length: +3\r\n\r\nabc",
        "Content-Length : 3\r\n\r\nabc",
        "X-A: a\r\n b\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_a_body_of_doubtful_length_is_refused_and_nothing_after_it_is_answered(
    service: Service, stream: Publishing, framing: str
) -> None:
    smuggled = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    head = f"PUT /streams/{stream.id}/x.ts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {WRONG}\r\n"
    with socket.create_connection(("127.0.0.1", service.port), timeout=60) as connection:
        connection.sendall((head + framing + smuggled).encode())
        connection.shutdown(socket.SHUT_WR)
        received = bytearray()
        with suppress(ConnectionResetError):
            while piece := connection.recv(1 << 16):
                received += piece
    statuses = [line.split()[1] for line in bytes(received).split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]
    assert len(statuses) <= 1, received
    assert b"200" not in statuses
