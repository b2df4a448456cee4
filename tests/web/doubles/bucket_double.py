"""A stand-in for the API and Cloud Storage during an upload (docs/contracts.md, Uploads), whose moods a test sets."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.web.doubles import quotas
from tests.web.doubles.people import People, claims
from tests.web.doubles.site import granted, is_grant

PIECE = 256 << 10


class BucketDouble:
    """`data` is what has arrived. `answer` is asked before each piece is taken: a status instead, 0 to hang up."""

    def __init__(self) -> None:
        self.people = People()
        self.quota: dict[str, Any] = quotas.tenant()
        self.data = bytearray()
        self.size = 0
        self.sessions = 0
        self.gone: set[str] = set()
        self.given_up: list[str] = []
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.pieces: list[str] = []
        self.refusal: dict[str, Any] | None = None
        self.answer: Callable[[int], int | None] = lambda first: None
        self._begun: dict[tuple[str, str], str] = {}
        double = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_OPTIONS(self) -> None:
                double._reply(self, 204)

            def do_GET(self) -> None:
                said = double.quota if self.path == "/quotas" else quotas.answer("GET", self.path)
                double._reply(self, 200 if said else 404, body=said or {})

            def do_POST(self) -> None:
                double._post(self)

            def do_PUT(self) -> None:
                double._put(self)

            def do_DELETE(self) -> None:
                double.given_up.append(self.path)
                double._reply(self, 499)

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _post(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        if told := self.people.answer("POST", request.path, request.headers, body):
            self._reply(request, told[0], body=told[1])
            return
        if is_grant(request):
            self._reply(request, 201, body=granted(f"{request.headers['Origin']}/media/"))
            return
        if request.path == "/signed":
            self.sessions += 1
            self.data.clear()
            started = request.headers["x-goog-resumable"] == "start" and not body
            self._reply(request, 201 if started else 400, {"Location": f"{self.url}/session/{self.sessions}"})
            return
        self.keys.append(request.headers["Authorization"])
        self.asked.append({"path": request.path, **json.loads(body)})
        if self.refusal:
            self._reply(request, int(self.refusal["status"]), body=self.refusal)
            return
        asked = self.asked[-1]
        self.size = int(asked["size"])
        headers = {"x-goog-resumable": "start", "Content-Type": asked["content_type"]}
        upload = {"object": "uploads/velodrome-2/one.mp4", "size": self.size, "method": "POST", "session": None}
        said = str(request.headers["Authorization"])
        status, who = 201, claims(said).get("user_id", said)
        if known := asked.get("fingerprint"):
            upload["session"], status = self._session((who, known))
        self._reply(request, status, body={"upload": {**upload, "url": f"{self.url}/signed", "headers": headers}})

    def _session(self, of: tuple[str, str]) -> tuple[str, int]:
        """The same for the same sender and file, until it is whole, gone or given up."""
        begun = self._begun.get(of, "")
        if begun and begun not in self.gone and begun not in self.given_up and len(self.data) < self.size:
            return f"{self.url}{begun}", 200
        self.sessions += 1
        self.data.clear()
        self._begun[of] = f"/session/{self.sessions}"
        return f"{self.url}{self._begun[of]}", 201

    def _put(self, request: BaseHTTPRequestHandler) -> None:
        length = int(request.headers.get("Content-Length") or 0)
        said = str(request.headers["Content-Range"])
        self.pieces.append(said)
        piece = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", said)
        status = self.answer(int(piece[1])) if piece else None
        if status == 0:
            request.rfile.read(min(length, 1000))
            request.close_connection = True
            request.connection.shutdown(socket.SHUT_RDWR)
            return
        body = request.rfile.read(length)
        if status or request.path in self.gone:
            self._reply(request, status or 410)
            return
        if piece and int(piece[1]) == len(self.data) and (len(body) % PIECE == 0 or int(piece[2]) + 1 == self.size):
            self.data += body
        if len(self.data) == self.size:
            self._reply(request, 200, body={})
        else:
            self._reply(request, 308, {"Range": f"bytes=0-{len(self.data) - 1}"} if self.data else {})

    def _reply(
        self,
        request: BaseHTTPRequestHandler,
        status: int,
        headers: dict[str, str] | None = None,
        body: dict[str, Any] | None = None,
    ) -> None:
        data = b"" if body is None else json.dumps(body).encode()
        request.send_response(status)
        cors = {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE",
            "Access-Control-Allow-Headers": "authorization, content-type, content-range, x-goog-resumable",
            "Access-Control-Expose-Headers": "Location, Range",
            "Content-Length": str(len(data)),
        }
        for name, value in (cors | (headers or {})).items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(data)
