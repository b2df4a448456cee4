"""The console's server: the page, the stack's state, the ends of its logs and its traces, on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import asdict
from hmac import compare_digest
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from ...accounts import owner_headers
from ...errors import CallFailed, StackError, StartFailed
from ...host_names import is_ours
from ...paths import StackPaths
from ...processes.logfiles import file_of, tail
from ...rest import call, fetch
from ..state import StateFile
from .documents import DocumentWrites
from .metrics import Metrics
from .traces import MAX_BATCH_BYTES, Traces

_PAGE = Path(__file__).with_name("page.html")
_LOG_LINES = 200


class Console:
    """Serves http://127.0.0.1:`port`/ from `start` to `stop`.

    `restart` is called with the name of a resource, or None, when a holder of the admin key asks for that, and returns
    the names of what it has restarted. It may raise StackError.
    """

    def __init__(
        self, port: int, paths: StackPaths, file: StateFile, restart: Callable[[str | None], list[str]]
    ) -> None:
        self._restart = restart
        self.url = f"http://127.0.0.1:{port}/"
        self._traces = Traces()
        self._metrics = Metrics()
        self._writes = DocumentWrites()
        self.documents = self._writes.address
        self._file = file
        self._logs = paths.logs
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)

    def start(self) -> None:
        """Begins to serve."""
        self._writes.start()
        self._thread.start()

    def stop(self) -> None:
        """Serves no more."""
        self._writes.stop()
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.server_close()

    def _state(self) -> dict[str, Any]:
        """The state that the page shows, without the admin key."""
        state = asdict(self._file.state)
        endpoints = state.pop("endpoints") or {}
        endpoints.pop("admin_key", None)
        over = self._objects_over(endpoints.get("storage")) + [
            {"kind": "document", **asdict(one)} for one in self._writes.over()
        ]
        over.sort(key=lambda one: -one["over"])
        return {**state, "endpoints": endpoints, "over": over}

    def _objects_over(self, storage: str | None) -> list[dict[str, Any]]:
        """Objects written more than once a second; none while the emulator of Cloud Storage is away."""
        try:
            found = call("GET", storage, "/_emulator")["written too fast"] if storage else []
        except CallFailed:
            return []
        return [{"kind": "object", **one} for one in found]

    def _objects(self, bucket: str) -> bytes:
        """The listing of a bucket, which only its project's owner may ask for. Raises CallFailed."""
        endpoints = self._file.state.endpoints
        if endpoints is None:
            raise CallFailed("the stack is not up yet")
        path = f"/storage/v1/b/{quote(bucket, safe='')}/o"
        return fetch("GET", endpoints.storage, path, headers=owner_headers(endpoints.storage))

    def _restarted(self, authorization: str | None, body: bytes) -> tuple[HTTPStatus, dict[str, Any]]:
        """The answer to `POST /restart {"name": NAME or null}`. Pages of other origins do not know the key."""
        endpoints = self._file.state.endpoints
        if endpoints is None or not compare_digest(
            f"Bearer {endpoints.admin_key}".encode(), f"{authorization}".encode()
        ):
            return HTTPStatus.UNAUTHORIZED, {"error": "the admin key of the stack is missing"}
        try:
            return HTTPStatus.OK, {"restarted": self._restart(json.loads(body)["name"])}
        except StackError as error:
            log = error.tail if isinstance(error, StartFailed) else ()
            return HTTPStatus.CONFLICT, {"error": str(error), "log": log}
        except (ValueError, KeyError, TypeError):
            return HTTPStatus.BAD_REQUEST, {"error": 'invalid body: expected {"name": NAME} or {"name": null}'}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        console = self

        class Handler(BaseHTTPRequestHandler):
            def parse_request(self) -> bool:
                if not super().parse_request():
                    return False
                if not is_ours(self.headers.get("Host")):
                    self.send_error(HTTPStatus.FORBIDDEN, "the console answers to the names of this machine alone")
                    return False
                return True

            def do_GET(self) -> None:
                try:
                    self._get()
                except CallFailed as error:
                    self.send_error(HTTPStatus.BAD_GATEWAY, explain=str(error))

            def _get(self) -> None:
                path = unquote(urlsplit(self.path).path)
                if path == "/":
                    self._answer("text/html; charset=utf-8", _PAGE.read_bytes())
                elif path == "/state":
                    self._answer("application/json", json.dumps(console._state()).encode())
                elif path.startswith("/buckets/"):
                    self._answer("application/json", console._objects(path.removeprefix("/buckets/")))
                elif path.startswith("/logs/"):
                    lines = tail(file_of(console._logs, path.removeprefix("/logs/")), _LOG_LINES)
                    self._answer("text/plain; charset=utf-8", "\n".join(lines).encode())
                elif path == "/metrics":
                    self._answer("application/json", json.dumps(console._metrics.shown()).encode())
                elif path == "/traces":
                    self._answer("application/json", json.dumps(console._traces.newest()).encode())
                elif path.startswith("/traces/"):
                    spans = console._traces.spans(path.removeprefix("/traces/"))
                    self._answer("application/json", json.dumps(spans).encode())
                else:
                    self.send_error(HTTPStatus.NOT_FOUND)

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", "0"))
                if self.path == "/restart" and length <= MAX_BATCH_BYTES:
                    status, answer = console._restarted(self.headers.get("Authorization"), self.rfile.read(length))
                    self._answer("application/json", json.dumps(answer).encode(), status)
                    return
                takers = {"/v1/traces": console._traces.take, "/v1/metrics": console._metrics.take}
                if self.path not in takers:
                    self.send_error(HTTPStatus.NOT_FOUND)
                elif length > MAX_BATCH_BYTES:
                    self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
                else:
                    try:
                        takers[self.path](self.rfile.read(length))
                    except ValueError as error:
                        self.send_error(HTTPStatus.BAD_REQUEST, str(error))
                        return
                    self._answer("application/x-protobuf", b"")

            def _answer(self, kind: str, body: bytes, status: HTTPStatus = HTTPStatus.OK) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Says nothing: the page asks every second."""

        return Handler
