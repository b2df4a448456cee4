"""A gate before Pub/Sub: closed, it answers as Pub/Sub does for a topic that is not there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests


@dataclass
class Gate:
    """`address` leads to Pub/Sub while `open` is set; `refused` is set once a caller was turned away."""

    port: int = 0
    open: threading.Event = field(default_factory=threading.Event)
    refused: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"


@contextmanager
def gate(endpoint: str, port: int = 0) -> Iterator[Gate]:
    """A closed gate before the Pub/Sub at `endpoint`, listening on `port` (0: any)."""
    own = Gate()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            if own.open.is_set():
                headers = {"Content-Type": self.headers["Content-Type"]}
                response = requests.post(f"http://{endpoint}{self.path}", data=data, headers=headers, timeout=30)
                status, body = response.status_code, response.content
            else:
                own.refused.set()
                status, body = 404, b'{"error": {"code": 404, "message": "Topic not found", "status": "NOT_FOUND"}}'
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        own.port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield own
        finally:
            server.shutdown()
