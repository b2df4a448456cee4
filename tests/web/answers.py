"""A stand-in for the API: answers what a test lays down, to whoever has the key."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "operators-key"
Answer = tuple[int, Any]


class Answers:
    """`said` is (status, JSON or text) by method and path, the query left out where none is laid down with it. `asked`
    is what was asked for; what nothing was said of is 404. `down`: connections are hung up."""

    def __init__(self) -> None:
        self.said: dict[tuple[str, str], Answer] = {("GET", "/streams"): (200, {"streams": [], "next": None})}
        self.asked: list[tuple[str, str]] = []
        self.down = False
        double = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_OPTIONS(self) -> None:
                double._reply(self, 204, None)

            def do_GET(self) -> None:
                double._answer(self)

            def do_POST(self) -> None:
                double._answer(self)

            def do_DELETE(self) -> None:
                double._answer(self)

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        if self.down:
            request.close_connection = True
            return
        request.rfile.read(int(request.headers.get("Content-Length") or 0))
        method, path = str(request.command), request.path
        self.asked.append((method, path))
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            self._reply(request, 401, {"title": "Unauthorized", "detail": "the admin key is missing or wrong"})
            return
        plain = path.partition("?")[0]
        missing = (404, {"title": "Not found", "detail": f"there is no {plain}"})
        self._reply(request, *(self.said.get((method, path)) or self.said.get((method, plain)) or missing))

    def _reply(self, request: BaseHTTPRequestHandler, status: int, body: Any) -> None:
        data = b"" if body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()
        kind = (
            "text/csv" if isinstance(body, str) else "application/json" if status < 400 else "application/problem+json"
        )
        request.send_response(status)
        request.send_header("Access-Control-Allow-Origin", "*")
        request.send_header("Access-Control-Allow-Methods", "GET, POST, PATCH, DELETE")
        request.send_header("Access-Control-Allow-Headers", "Authorization, Content-Type")
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data)
