"""What Cloud Run's front end does to a request and its answer, and what it refuses."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from tests.servers import free_port
from tests.unit.cloud_run.conftest import reply
from tests.wait import until

MIB = 1 << 20
Handler = BaseHTTPRequestHandler


def echo(handler: Handler) -> None:
    """The body, as it came."""
    reply(handler, 200, body_of(handler), X_From="instance")


def body_of(handler: Handler) -> bytes:
    if handler.headers.get("Transfer-Encoding") != "chunked":
        return handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
    found = b""
    while size := int(handler.rfile.readline(), 16):
        found += handler.rfile.read(size)
        handler.rfile.readline()
    handler.rfile.readline()
    return found


def mebibytes(count: int) -> Iterator[bytes]:
    for _ in range(count):
        yield bytes(MIB)


def test_a_request_and_its_answer_pass_unchanged(instance: Any, front: Any) -> None:
    served = instance(echo)
    status, headers, body = front(served.port).ask("POST", "/a%20b?x=1", b"hello", {"X-Own": "2"})
    assert (status, headers["x-from"], body) == (200, "instance", b"hello")
    assert (served.seen[0].path, served.seen[0].headers["X-Own"]) == ("/a%20b?x=1", "2")


def test_a_chunked_body_passes(instance: Any, front: Any) -> None:
    assert front(instance(echo).port).ask("POST", "/", mebibytes(3))[2] == bytes(3 * MIB)


def test_the_callers_address_is_appended_to_what_it_claims(instance: Any, front: Any) -> None:
    served = instance(echo)
    front(served.port).ask("GET", "/", headers={"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"})
    assert served.seen[0].headers["X-Forwarded-For"] == "203.0.113.9,127.0.0.1"
    assert served.seen[0].headers["X-Forwarded-Proto"] == "http"


def test_a_trace_is_begun_or_gone_on_with(instance: Any, front: Any) -> None:
    served = instance(echo)
    own = f"00-{'ab' * 16}-{'cd' * 8}-01"
    before = front(served.port)
    before.ask("GET", "/", headers={"traceparent": own})
    before.ask("GET", "/")
    first, second = (request.headers for request in served.seen)
    assert (first["traceparent"], first["X-Cloud-Trace-Context"]) == (own, f"{'ab' * 16}/{int('cd' * 8, 16)};o=1")
    trace = second["traceparent"].split("-")[1]
    assert second["X-Cloud-Trace-Context"].startswith(f"{trace}/")
    assert before.logged(2)[1]["trace"] == f"projects/demo-p/traces/{trace}"


def test_hop_headers_stay_here(instance: Any, front: Any) -> None:
    served = instance(echo)
    front(served.port).ask("GET", "/", headers={"Connection": "keep-alive, X-Hop", "X-Hop": "1", "Keep-Alive": "9"})
    assert {"x-hop", "keep-alive"} & {name.lower() for name in served.seen[0].headers} == set()


def test_the_request_log_has_the_whole_address(instance: Any, front: Any) -> None:
    before = front(instance(echo).port)
    before.ask("POST", "/streams/a?key=secret", b"12345", {"User-Agent": "tester"})
    (entry,) = before.logged()
    request = entry["httpRequest"]
    assert request["requestUrl"] == f"http://127.0.0.1:{before.port}/streams/a?key=secret"
    wanted = {"requestMethod": "POST", "status": 200, "requestSize": "5", "responseSize": "5", "userAgent": "tester"}
    assert wanted.items() <= request.items()
    assert request["remoteIp"] == "127.0.0.1"
    assert request["latency"].endswith("s")
    assert entry["resource"]["labels"] == {"service_name": "dev-svc"}


@pytest.mark.parametrize("body", [bytes(32 * MIB), None], ids=["with its length", "in chunks"])
def test_32_mib_are_taken(instance: Any, front: Any, body: bytes | None) -> None:
    served = instance(lambda handler: reply(handler, 200, str(len(body_of(handler))).encode()))
    assert front(served.port).ask("POST", "/", body or mebibytes(32))[2] == str(32 * MIB).encode()


def test_a_body_that_says_it_is_larger_is_refused_before_it_is_read(instance: Any, front: Any) -> None:
    served = instance(echo)
    before = front(served.port)
    with before.raw() as caller:
        caller.sendall(f"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {32 * MIB + 1}\r\n\r\n".encode())
        assert caller.recv(100).startswith(b"HTTP/1.1 413 ")
    assert served.seen == []
    assert before.logged()[0]["httpRequest"]["status"] == 413


def test_a_chunked_body_is_cut_once_it_is_larger(instance: Any, front: Any) -> None:
    ended = threading.Event()

    def read(handler: Handler) -> None:
        try:
            body_of(handler)
        except (ValueError, OSError):  # its end is missing
            ended.set()

    before = front(instance(read).port)
    with before.raw() as caller:
        caller.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(33):
            caller.sendall(b"%x\r\n" % MIB + bytes(MIB) + b"\r\n")
        assert caller.recv(100).startswith(b"HTTP/1.1 413 ")
    assert ended.wait(10)


def test_a_request_that_takes_too_long_is_answered_504(instance: Any, front: Any) -> None:
    release = threading.Event()
    before = front(instance(lambda _: release.wait(20)).port, timeout=0.2)
    status, _, body = before.ask("GET", "/")
    release.set()
    assert (status, body) == (504, b"upstream request timeout\n")


def test_an_answer_that_takes_too_long_is_cut(instance: Any, front: Any) -> None:
    release = threading.Event()

    def begin(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"1\r\na\r\n")
        release.wait(20)

    with front(instance(begin).port, timeout=2.0).raw() as caller:
        caller.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        received = b""
        while data := caller.recv(1000):
            received += data
    release.set()
    assert received.endswith(b"1\r\na\r\n")


def test_an_answer_over_32_mib_that_is_not_streamed_is_refused(instance: Any, front: Any) -> None:
    def large(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(33 * MIB))
        handler.end_headers()

    assert front(instance(large).port).ask("GET", "/")[0] == 500


def test_an_answer_comes_as_it_is_made(instance: Any, front: Any) -> None:
    read = threading.Event()

    def two(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"3\r\none\r\n")
        assert read.wait(10)
        handler.wfile.write(b"3\r\ntwo\r\n0\r\n\r\n")

    connection = front(instance(two).port).connect()
    connection.request("GET", "/")
    answer = connection.getresponse()
    assert answer.read(3) == b"one"
    read.set()
    assert answer.read() == b"two"


def test_a_caller_that_reads_slowly_slows_the_instance(instance: Any, front: Any) -> None:
    written = 0

    def much(handler: Handler) -> None:
        nonlocal written
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.connection.settimeout(1)
        try:
            while True:
                handler.wfile.write(bytes(MIB))
                written += MIB
        except TimeoutError:
            stuck.set()

    stuck = threading.Event()
    with front(instance(much).port).raw() as caller:
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 << 10)
        caller.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert stuck.wait(20)
    assert written < 64 * MIB


def test_an_instance_that_reads_slowly_slows_the_caller(instance: Any, front: Any) -> None:
    release = threading.Event()
    with front(instance(lambda _: release.wait(30)).port).raw() as caller:
        caller.settimeout(1)
        caller.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        sent = 0
        with pytest.raises(TimeoutError):
            while sent < 31 * MIB:
                caller.sendall(b"%x\r\n" % MIB + bytes(MIB) + b"\r\n")
                sent += MIB
        release.set()
    assert sent < 31 * MIB


def test_an_instance_that_breaks_off_is_a_503(instance: Any, front: Any) -> None:
    def drop(handler: Handler) -> None:
        handler.close_connection = True
        handler.connection.shutdown(socket.SHUT_RDWR)

    before = front(instance(drop).port)
    assert before.ask("GET", "/")[0] == 503
    assert "connection to the instance had an error" in before.logged()[0]["textPayload"]


def test_one_that_is_refused_while_it_sends_reads_why(instance: Any, front: Any) -> None:
    with front(instance(lambda handler: reply(handler, 401, b"no", Connection="close")).port).raw() as caller:
        caller.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
        received = b""
        while data := caller.recv(1000):
            received += data
        assert received.startswith(b"HTTP/1.1 401 ")
        assert received.endswith(b"no")


def test_one_connection_carries_several_requests(instance: Any, front: Any) -> None:
    connection: HTTPConnection = front(instance(echo).port).connect()
    for body in (b"one", b"two"):
        connection.request("PUT", "/", body)
        assert connection.getresponse().read() == body
    assert connection.sock is not None


def test_requests_of_one_that_reads_no_answer_all_arrive(instance: Any, front: Any) -> None:
    arrived: list[bytes] = []

    def note(handler: Handler) -> None:
        arrived.append(body_of(handler))
        reply(handler, 200)

    with front(instance(note).port).raw() as caller:
        for body in (b"a" * 70_000, b"b", b"c"):
            caller.sendall(b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    until(lambda: len(arrived) == 3, 10, "three requests")
    assert [body[:1] for body in arrived] == [b"a", b"b", b"c"]


def test_a_body_that_breaks_off_breaks_off_for_the_instance(instance: Any, front: Any) -> None:
    got: list[bytes] = []
    with front(instance(lambda handler: got.append(handler.rfile.read(10))).port).raw() as caller:
        caller.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345")
    until(lambda: bool(got), 10, "the end of the body")
    assert got == [b"12345"]


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_answers_without_a_body_leave_the_connection_open(instance: Any, front: Any, method: str) -> None:
    status = 200 if method == "HEAD" else 204
    connection: HTTPConnection = front(instance(lambda handler: reply(handler, status)).port).connect()
    for _ in range(2):
        connection.request(method, "/")
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (status, b"")
    assert connection.sock is not None


def test_100_continue_is_the_instances_to_say(instance: Any, front: Any) -> None:
    with front(instance(echo).port).raw() as caller:
        caller.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        assert caller.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        caller.sendall(b"ok")
        assert caller.recv(1000).startswith(b"HTTP/1.1 200 ")


def test_a_websocket_passes_and_may_carry_more_than_32_mib(instance: Any, front: Any) -> None:
    def upgrade(handler: Handler) -> None:
        assert handler.headers["Connection"] == "Upgrade"
        handler.wfile.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
        left = 40 * MIB
        while left and (data := handler.rfile.read(min(left, MIB))):
            left -= len(data)
        handler.wfile.write(b"all there" if not left else b"cut")
        handler.close_connection = True

    with front(instance(upgrade).port).raw() as caller:
        caller.sendall(b"GET /live HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
        assert caller.recv(1000).startswith(b"HTTP/1.1 101 ")
        for _ in range(40):
            caller.sendall(bytes(MIB))
        assert caller.recv(100) == b"all there"


def test_another_upgrade_is_not_taken_up(instance: Any, front: Any) -> None:
    with front(instance(echo).port).raw() as caller:
        offer = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n"
        for _ in range(2):
            caller.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n" + offer + b"\r\nhi")
            received = b""
            while not received.endswith(b"\r\n\r\nhi"):
                received += caller.recv(1000)
            assert received.startswith(b"HTTP/1.1 200 ")


def test_what_is_no_http_is_refused(instance: Any, front: Any) -> None:
    with front(instance(echo).port).raw() as caller:
        caller.sendall(b"BAD\x01 / HTTP/1.1\r\n\r\n")
        assert caller.recv(100).startswith(b"HTTP/1.1 400 ")


def test_a_request_waits_for_an_instance_that_starts(instance: Any, front: Any) -> None:
    port = free_port()
    before = front(port)
    answered: list[int] = []
    asking = threading.Thread(target=lambda: answered.append(before.ask("GET", "/")[0]))
    asking.start()
    with socket.create_server(("127.0.0.1", port)) as late:
        connection, _ = late.accept()
        with connection:
            connection.recv(10_000)
            connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
            asking.join(10)
    assert answered == [204]
