"""A service with the address and the answers of runner/clip: it says what a test tells it to."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class ClipDouble:
    """`status` it answers with, what it `found`, what it was `asked` and `got` (paths of GET requests) and in
    whose name each. While `held` is not set it does not answer."""

    place: str
    status: int = 200
    found: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    asked: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    got: list[str] = field(default_factory=list[str])
    authorization: list[str | None] = field(default_factory=list[str | None])
    held: threading.Event = field(default_factory=threading.Event)

    def answer(self) -> dict[str, Any]:
        result = {"detections": self.found, "took_ms": 7}
        return {"model": "tiny", "device": "cpu", "digest": "0123456789abcdef", "results": [result]}


@contextmanager
def clip_double() -> Generator[ClipDouble]:
    """Serves until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            double.authorization.append(self.headers["Authorization"])
            double.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            double.held.wait(60)
            self._say(double.answer() if double.status == 200 else {"detail": "no"})

        def do_GET(self) -> None:
            double.got.append(self.path)
            double.authorization.append(self.headers["Authorization"])
            double.held.wait(60)
            self._say({"model": "tiny", "device": "cpu", "queue": 3})

        def _say(self, answer: Any) -> None:
            data = json.dumps(answer).encode()
            self.send_response(double.status)
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Retry-After", "2")
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    double = ClipDouble(f"http://127.0.0.1:{server.server_port}")
    double.held.set()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield double
    finally:
        double.held.set()
        server.shutdown()
        server.server_close()
