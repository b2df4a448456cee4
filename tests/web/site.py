"""A loopback server that stands in for the two buckets: the site with its config.json, and the media."""

from __future__ import annotations

import contextlib
import json
import mimetypes
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

TYPES = {".m3u8": "application/vnd.apple.mpegurl", ".ts": "video/mp2t", ".js": "text/javascript"}
Body = bytes | Callable[[], bytes]


class Site:
    """Serves `dist` under /site/ and `media` (name -> bytes, a path, or a function) under /media/. `down`: 503."""

    def __init__(self, dist: Path, config: dict[str, object]) -> None:
        self.media: dict[str, Body | Path] = {}
        self.down = False
        self.asked: list[str] = []
        self._dist = dist
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site._answer(self)

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.config: dict[str, object] | None = {**config, "mediaUrl": f"{self.url}/media/"}
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def page(self, query: str = "") -> str:
        return f"{self.url}/site/index.html{query}"

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        path = request.path.split("?")[0]
        body = self._body(path)
        self.asked.append(path)
        request.send_response(503 if body is None and self.down else 404 if body is None else 200)
        kind = TYPES.get(Path(path).suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(body or b"")))
        request.send_header("Access-Control-Allow-Origin", "*")
        request.send_header("Cache-Control", "no-store")
        # A page that is closed, or a seek, drops what it had asked for.
        with contextlib.suppress(ConnectionError):
            request.end_headers()
            request.wfile.write(body or b"")

    def _body(self, path: str) -> bytes | None:
        if path == "/site/config.json":
            return None if self.config is None else json.dumps(self.config).encode()
        if path.startswith("/site/"):
            file = self._dist / path.removeprefix("/site/")
            return file.read_bytes() if file.is_file() else None
        found = None if self.down else self.media.get(path.removeprefix("/media/"))
        if isinstance(found, Path):
            return found.read_bytes()
        return found() if callable(found) else found
