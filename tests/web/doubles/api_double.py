"""What the stand-ins for the API have in common: a server with a port of its own, for members who are signed in."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.web.doubles import quotas
from tests.web.doubles.people import People, claims
from tests.web.doubles.site import granted, is_grant

Answer = tuple[int, Any]
"""Status, and JSON, text (a table) or None."""

_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, PATCH, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
}


class ApiDouble:
    """`down`: connections are cut without a word. `people` says who looks at the page. `quotas`: a test answers for
    them, too."""

    def __init__(self) -> None:
        self.down = self.quotas = False
        self.people = People()
        double = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def serve(self) -> None:
                double._serve(self)

            do_GET = do_POST = do_PATCH = do_DELETE = do_OPTIONS = serve

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method: str, path: str, body: Any) -> Answer:
        """To a request of a member. `path` with its query; `body` is JSON, or bytes of another kind, or None."""
        raise NotImplementedError

    def _serve(self, request: BaseHTTPRequestHandler) -> None:
        data = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        if self.down:
            request.close_connection = True
        elif is_grant(request):
            _reply(request, 201, granted(f"{request.headers['Origin']}/media/"))
        elif request.command == "OPTIONS":
            _reply(request, 204, None)
        elif answer := self.people.answer(str(request.command), request.path, request.headers, data):
            _reply(request, *answer)
        elif "r" not in claims(request.headers["Authorization"] or ""):
            _reply(request, *refused(401, "a token is missing, or is refused"))
        elif not self.quotas and (said := quotas.answer(str(request.command), request.path)):
            _reply(request, 200, said)
        else:
            is_json = request.headers["Content-Type"] == "application/json"
            body = json.loads(data) if is_json else data or None
            _reply(request, *self.answer(str(request.command), request.path, body))


def refused(status: int, detail: str) -> Answer:
    """A problem as the API writes it down."""
    return status, {"type": "about:blank", "title": "Refused", "status": status, "detail": detail}


def _reply(request: BaseHTTPRequestHandler, status: int, body: Any) -> None:
    text = isinstance(body, str)
    data = b"" if body is None else (body if text else json.dumps(body)).encode()
    kind = "text/csv" if text else "application/json" if status < 400 else "application/problem+json"
    request.send_response(status)
    for name, value in {**_HEADERS, "Content-Type": kind, "Content-Length": str(len(data))}.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(data)
