"""A small web server of bytes."""

from __future__ import annotations

import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Served:
    """What is served, and which paths were asked for."""

    port: int
    asked: list[str] = field(default_factory=list[str])

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@contextmanager
def serve(files: Mapping[str, bytes], redirects: Mapping[str, str] | None = None) -> Generator[Served]:
    """Serves `files` by path and `redirects`; `/broken` answers 503, anything else 404."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append(self.path)
            path = self.path.partition("?")[0]
            if path in (redirects or {}):
                self.send_response(302)
                self.send_header("Location", (redirects or {})[path])
            else:
                self.send_response(200 if path in files else 503 if path == "/broken" else 404)
            data = files.get(path, b"")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = Served(server.server_port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
