"""Before Google's emulators: a page that a developer happens to visit reads and writes none of them."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
from tests.servers import await_ready, free_port

from emulator.emulators.google_emulators import door
from emulator.processes.ports import Ports
from emulator.processes.ready import http_answers

ROOT = Path(__file__).parents[4]
EVIL = "https://evil.example"

# Headers of a request beside those of the client, and whether it is answered.
CALLERS: list[tuple[dict[str, str], bool]] = [
    ({}, True),
    ({"Host": "localhost:5"}, True),
    ({"Origin": "http://web.localhost:28080"}, True),
    ({"Origin": "http://127.0.0.1:5173", "Sec-Fetch-Site": "cross-site"}, True),
    ({"Sec-Fetch-Site": "none"}, True),
    ({"Origin": EVIL}, False),
    ({"Origin": "null"}, False),
    ({"Origin": "http://localhost.evil.example"}, False),
    ({"Origin": "http://evil.example/127.0.0.1"}, False),
    ({"Host": "rebind.evil.example"}, False),
    ({"Host": "rebind.evil.example", "Origin": "http://rebind.evil.example"}, False),
    ({"Sec-Fetch-Site": "cross-site"}, False),
    ({"Sec-Fetch-Site": "same-site"}, False),
]


class Emulator:
    """Answers like Google's: everyone. `asked` is what came through."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, bytes]] = []
        emulator = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                emulator.asked.append((self.command, self.path, body))
                self.send_response(200)
                self.send_header("Access-Control-Allow-Origin", self.headers.get("Origin", "*"))
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                for piece in (b"one ", b"two"):
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                self.wfile.write(b"0\r\n\r\n")

            do_GET = do_POST = do_OPTIONS = do_PATCH = _any

            def log_message(self, format: str, *args: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    one = Emulator()
    thread = threading.Thread(target=one.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield one
    one.server.shutdown()
    thread.join()
    one.server.server_close()


@pytest.fixture
def port(emulator: Emulator) -> Iterator[int]:
    """Of the door before the emulator."""
    found, ready, stopping = free_port(), threading.Event(), threading.Event()

    async def serving() -> None:
        server = await door.serve(found, "127.0.0.1", emulator.port)
        ready.set()
        await asyncio.to_thread(stopping.wait)
        server.close()

    thread = threading.Thread(target=lambda: asyncio.run(serving()))
    thread.start()
    assert ready.wait(30)
    yield found
    stopping.set()
    thread.join()


def raw(port: int, sent: bytes) -> bytes:
    """What is answered until the connection ends."""
    received = b""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=30)) as connection:
        connection.sendall(sent)
        while piece := connection.recv(1 << 16):
            received += piece
    return received


@pytest.mark.parametrize(("headers", "answered"), CALLERS)
def test_pages_and_programs_of_this_machine_are_answered_and_no_other_page(
    emulator: Emulator, port: int, headers: dict[str, str], answered: bool
) -> None:
    url = f"http://127.0.0.1:{port}/v1/documents"
    for method in ("GET", "POST", "OPTIONS"):
        answer = requests.request(method, url, data=b"body", headers=headers, timeout=30)
        assert answer.status_code == (200 if answered else 403)
        assert ("Access-Control-Allow-Origin" in answer.headers) == answered
    expected = [(method, "/v1/documents", b"body") for method in ("GET", "POST", "OPTIONS")]
    assert emulator.asked == (expected if answered else [])


def test_an_answer_passes_as_it_comes_and_its_connection_ends(emulator: Emulator, port: int) -> None:
    answer = requests.get(f"http://127.0.0.1:{port}/listen?x=1", timeout=30)
    assert (answer.text, answer.headers["connection"]) == ("one two", "close")


def test_a_second_request_on_a_connection_is_never_handed_over(emulator: Emulator, port: int) -> None:
    foreign = f"POST /write HTTP/1.1\r\nHost: localhost\r\nOrigin: {EVIL}\r\nContent-Length: 0\r\n\r\n".encode()
    raw(port, b"POST /one HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nok" + foreign)
    assert [path for _, path, _ in emulator.asked] in ([], ["/one"])


@pytest.mark.parametrize(
    "head",
    [
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: +1\r\n\r\na",
    ],
)
def test_a_request_whose_end_is_not_plain_is_refused(emulator: Emulator, port: int, head: bytes) -> None:
    assert raw(port, head).startswith(b"HTTP/1.1 400 ")
    assert emulator.asked == []


def test_a_stack_has_an_address_of_its_own_on_loopback() -> None:
    def note(_: str) -> None: ...

    one, other = Ports("one", note).hidden_host, Ports("other", note).hidden_host
    assert one.startswith("127.")
    assert other.startswith("127.")
    assert one == Ports("one", note).hidden_host
    with closing(socket.socket()) as probe:
        probe.bind((one, 0))
    if one != "127.0.0.1":  # as on Linux
        assert one != other


@pytest.fixture(scope="module")
def auth(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of the Auth emulator's own guard, before an application that answers everyone."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs Node")
    modules = tmp_path_factory.mktemp("modules")
    emulator = modules / "firebase-tools" / "lib" / "emulator" / "auth"
    emulator.mkdir(parents=True)
    (emulator / "index.js").write_text("exports.SingleProjectMode = {}")
    (modules / "exegesis-express").mkdir()
    (modules / "exegesis-express" / "index.js").write_text("exports.middleware = (document, options) => options")
    (emulator / "server.js").write_text("""
        const { middleware } = require('exegesis-express')
        exports.createApp = async () => {
            if (!middleware({}, {}).lazyCompileValidationSchemas) throw new Error('all is compiled at once')
            return (request, response) => response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end('open')
        }
    """)
    found, log = free_port(), modules / "log"
    command: Any = [node, str(ROOT / "local-emulator" / "auth" / "server.cjs"), str(found), "demo", json.dumps([])]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env={"NODE_PATH": str(modules)}, stdout=output, stderr=output)
    try:
        await_ready(process, http_answers(found, "/"), log)
        yield found
    finally:
        process.terminate()
        process.wait(60)


@pytest.mark.parametrize(("headers", "answered"), CALLERS)
def test_the_auth_emulator_answers_the_same_callers(auth: int, headers: dict[str, str], answered: bool) -> None:
    url = f"http://127.0.0.1:{auth}/identitytoolkit.googleapis.com/v1/projects/demo/accounts"
    answer = requests.post(url, json={}, headers=headers, timeout=30)
    assert answer.status_code == (200 if answered else 403)
