"""An emulator that takes everything and writes it down; and small graphs to bring up on it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from emulator.declaration.environment import Addresses
from emulator.declaration.graph import Graph, Resource
from emulator.declaration.realise import Context
from emulator.processes.ports import Ports


@dataclass
class Call:
    method: str
    path: str
    body: bytes
    authorization: str | None = None

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Recorder:
    """`calls` in order; `answers` by path, {} for any other. Its metadata server gives the token `owners`."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.answers: dict[str, tuple[int, bytes]] = {}
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                if self.path.startswith("/_metadata/"):
                    self.send(200, b'{"access_token": "owners"}')
                    return
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                recorder.calls.append(Call(self.command, self.path, body, self.headers.get("Authorization")))
                self.send(*recorder.answers.get(self.path, (200, b"{}")))

            def send(self, status: int, data: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PUT = answer

            def log_message(self, format: str, *args: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_port}"


@contextmanager
def recording() -> Iterator[Recorder]:
    recorder = Recorder()
    thread = threading.Thread(target=recorder.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield recorder
    finally:
        recorder.server.shutdown()
        thread.join()
        recorder.server.server_close()


def resource(type: str, name: str, inputs: dict[str, Any], /, id: str = "", **outputs: Any) -> Resource:
    return Resource(f"urn:{type}:{name}", type, name, inputs, {"name": name, **inputs, **outputs}, id or name)


def context_of(address: str, run: Path, *resources: Resource) -> Context:
    graph = Graph({r.urn: r for r in resources}, {})
    at = Addresses(address, address, address, address, address, address, address)
    programs = lambda name, packages: run / "env" / name / "bin"  # noqa: E731
    return Context(graph, "demo-p", at, Ports("unit", lambda _: None), run, programs)
