"""A stand-in for the API of streams (openapi.json), whose moods a test sets. It writes documents as the real one."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from google.cloud import firestore

ADMIN = "the-operators-key"


class StreamsDouble:
    """`asked` is what came: method, path, body. `refusal` is what the next request but the check of the key gets."""

    def __init__(self, db: firestore.Client) -> None:
        self.asked: list[tuple[str, str, Any]] = []
        self.refusal: dict[str, Any] | None = None
        self.sessions: list[dict[str, Any]] = []
        self.rounds = 1  # of DELETE, until all is gone
        self.keys = 0
        self._db = db
        double = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                double._answer(self)

            do_GET = do_POST = do_PATCH = do_DELETE = answer

            def do_OPTIONS(self) -> None:
                double._reply(self, 204)

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def changes(self) -> list[tuple[str, str, Any]]:
        """What would have changed something."""
        return [one for one in self.asked if one[0] != "GET"]

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        data = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        path = request.path.partition("?")[0]
        if request.headers["Authorization"] != f"Bearer {ADMIN}":
            self._reply(request, 401, {"title": "Unauthorized", "detail": "the admin key is missing or wrong"})
            return
        if (request.command, path) == ("GET", "/streams"):
            self._reply(request, 200, {"streams": [], "next": None})
            return
        self.asked.append((request.command, path, json.loads(data) if data else None))
        if self.refusal:
            refusal, self.refusal = self.refusal, None
            self._reply(request, int(refusal["status"]), refusal)
            return
        self._reply(request, *self._done(*self.asked[-1]))

    def _done(self, method: str, path: str, body: Any) -> tuple[int, dict[str, Any] | None]:
        if (method, path) == ("POST", "/streams"):
            document = {"name": body["name"], "state": "idle", "session": None, "created": datetime.now(UTC)}
            self._db.document(f"streams/{body['id']}").set(document)
            return 201, {"stream": {**body, "state": "idle"}, "key": self._key()}
        _, _, stream, *rest = path.split("/")
        reference = self._db.document(f"streams/{stream}")
        match (method, rest):
            case "POST", ["key"]:
                return 200, {"key": self._key()}
            case "POST", ["stop"]:
                return 202, {"stopped": {"holder": "obs", "session": None, "since": "2026-03-01T12:00:00Z"}}
            case "GET", ["sessions"]:
                return 200, {"sessions": self.sessions, "next": None}
            case "PATCH", []:
                reference.update(body)
                return 200, {"stream": {"id": stream, **body}}
            case "DELETE", []:
                self.rounds -= 1
                if self.rounds > 0:
                    return 202, {"detail": "there is more: send this again"}
                reference.delete()
                return 204, None
            case _:
                return 404, {"title": "Not Found"}

    def _key(self) -> str:
        self.keys += 1
        return f"sk_double-{self.keys}"

    def _reply(self, request: BaseHTTPRequestHandler, status: int, body: dict[str, Any] | None = None) -> None:
        data = b"" if body is None else json.dumps(body).encode()
        request.send_response(status)
        headers = {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": "GET, POST, PATCH, DELETE",
            "Access-Control-Allow-Headers": "authorization, content-type",
            "Content-Length": str(len(data)),
        }
        for name, value in headers.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(data)
