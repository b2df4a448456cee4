"""The front end on a loop of its own, before instances that are small servers in threads."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import uvloop
from tests.servers import free_port
from tests.wait import until

from emulator.emulators.cloud_run.__main__ import serve
from emulator.emulators.cloud_run.workload import Workload

Answers = Callable[[BaseHTTPRequestHandler], None]


class Instance:
    """Answers by `answers`; `seen` are the heads of its requests, `inside` how many it is answering."""

    def __init__(self, answers: Answers) -> None:
        self.seen: list[BaseHTTPRequestHandler] = []
        instance = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                if self.path != "/health":
                    instance.seen.append(self)
                    answers(self)
                else:
                    reply(self, 200)

            do_GET = do_HEAD = do_POST = do_PUT = answer

            def log_message(self, format: str, *args: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def reply(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(body)


class Front:
    """The front end of one workload. `log` are its request log's entries."""

    def __init__(self, workload: Workload, queue_seconds: float) -> None:
        self.port = workload.port
        self.log: list[dict[str, Any]] = []
        self._loop = uvloop.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        listening = serve([workload], "demo-p", lambda line: self.log.append(json.loads(line)), queue_seconds)
        self._servers = asyncio.run_coroutine_threadsafe(listening, self._loop).result(5)

    def connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=20)

    def raw(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        connection = self.connect()
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def logged(self, count: int = 1) -> list[dict[str, Any]]:
        until(lambda: len(self.log) >= count, 10, "the request log")
        return self.log

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    async def _end(self) -> None:
        for server in self._servers:
            server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


@pytest.fixture
def instance() -> Iterator[Callable[[Answers], Instance]]:
    started: list[Instance] = []

    def start(answers: Answers) -> Instance:
        started.append(Instance(answers))
        return started[-1]

    yield start
    for one in started:
        one.close()


@pytest.fixture
def front() -> Iterator[Callable[..., Front]]:
    started: list[Front] = []

    def start(
        *ports: int, concurrency: int = 8, max_instances: int = 0, timeout: float = 20, queue_seconds: float = 0.2
    ) -> Front:
        workload = Workload(
            "svc", "dev-svc", free_port(), ports, concurrency, max_instances or len(ports), timeout, "/health"
        )
        started.append(Front(workload, queue_seconds))
        return started[-1]

    yield start
    for one in started:
        one.close()
