"""A loopback server that stands in for front and the media bucket: the page with its config.json, grants and media."""

from __future__ import annotations

import contextlib
import json
import mimetypes
import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.web.doubles import quotas
from tests.web.doubles.people import TENANT, People

from front.headers import policy

TYPES = {".m3u8": "application/vnd.apple.mpegurl", ".ts": "video/mp2t", ".js": "text/javascript"}
Body = bytes | Callable[[], bytes]


def is_grant(request: BaseHTTPRequestHandler) -> bool:
    """Whether the page asks for the grant of a stream's media, or of the marks of brands."""
    return request.command == "POST" and re.search(r"(/streams/[^/]+|^|/api)/grants$", request.path) is not None


def granted(base: str) -> dict[str, object]:
    """The answer to that: media are under `base`."""
    return {"grant": {"url": base, "expires": (datetime.now(UTC) + timedelta(hours=1)).isoformat()}}


class Site:
    """Serves `dist` under /site/ and `media` (name -> bytes, a path, or a function) under /media/. `down`: 503.

    Under /api/ there are sessions, grants and tokens to publish with; the rest of the API does not answer. `people`
    says who looks at the page, and plays Firebase Auth.
    """

    def __init__(self, dist: Path, config: dict[str, object]) -> None:
        self.media: dict[str, Body | Path] = {}
        self.down = False
        self.people = People()
        self.asked: list[str] = []
        self.published: list[str | None] = []
        """The callers who got a token to publish with: p.1, p.2, …"""
        self._dist = dist
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site._answer(self)

            def do_POST(self) -> None:
                site._post(self)

            do_DELETE = do_POST

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        auth = {"authEmulator": self.url.removeprefix("http://"), "signIn": ["password", "link"], "tenant": TENANT}
        self.config: dict[str, object] | None = {"apiUrl": f"{self.url}/api", **auth, **config}
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def page(self, query: str = "") -> str:
        return f"{self.url}/site/index.html{query}"

    def _post(self, request: BaseHTTPRequestHandler) -> None:
        """What else the API does is another stand-in's: that is no answer."""
        data = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        answer = self.people.answer(str(request.command), request.path, request.headers, data)
        if is_grant(request):
            answer = 201, granted(f"{self.url}/media/")
        if re.search(r"/api/streams/[^/]+/grants/publish$", request.path):
            self.published.append(request.headers["Authorization"])
            answer = 201, {"token": f"p.{len(self.published)}", "expires": "2026-03-01T12:02:00Z"}
        if answer is None:
            request.close_connection = True
            return
        body = b"" if answer[1] is None else json.dumps(answer[1]).encode()
        request.send_response(answer[0])
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        path = request.path.split("?")[0]
        said = quotas.answer("GET", path) if path.startswith("/api/") else None
        if path.startswith("/api/") and said is None:
            request.close_connection = True
            return
        body = json.dumps(said).encode() if said else self._body(path)
        self.asked.append(path)
        request.send_response(503 if body is None and self.down else 404 if body is None else 200)
        kind = TYPES.get(Path(path).suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(body or b"")))
        request.send_header("Access-Control-Allow-Origin", "*")
        request.send_header("Cache-Control", "no-store")
        if path.endswith(".html"):  # the other stand-ins have ports of their own
            hosts = ("http://127.0.0.1:*", "ws://127.0.0.1:*", "https://ingest.example.com", "wss://ingest.example.com")
            request.send_header("Content-Security-Policy", policy("http://127.0.0.1:*", hosts))
        # A page that is closed, or a seek, drops what it had asked for.
        with contextlib.suppress(ConnectionError):
            request.end_headers()
            request.wfile.write(body or b"")

    def _body(self, path: str) -> bytes | None:
        if path == "/":  # Firebase Auth's emulator says that it is there
            return b"{}"
        if path == "/site/config.json":
            return None if self.config is None else json.dumps(self.config).encode()
        if path.startswith("/site/"):
            file = self._dist / path.removeprefix("/site/")
            return file.read_bytes() if file.is_file() else None
        found = None if self.down else self.media.get(path.removeprefix("/media/"))
        if isinstance(found, Path):
            return found.read_bytes()
        return found() if callable(found) else found
