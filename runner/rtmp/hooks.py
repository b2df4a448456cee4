"""nginx's hooks, over HTTP on loopback, and the health check.

nginx writes its own fields first and appends the publisher's arguments as they came, so that the first of each name is
nginx's. A publisher whose arguments repeat a name is refused all the same: an encoder has no reason to.
"""

from __future__ import annotations

import itertools
import json
import logging
import secrets
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from pipeline.domain.errors import BadRequest, MediaAnalyzerError, Unauthorized
from sender.errors import SendError

from .relay import Relay

log = logging.getLogger(__name__)

_MAX_BODY_BYTES = 16 << 10
Fields = dict[str, str]


class Hooks(ThreadingHTTPServer):
    """Listens on 127.0.0.1:`port`. Numbers connections as it accepts them, which is the order of events.

    `secret` is part of the hooks' path: a web page in a browser on this machine can post to the port, too.
    """

    daemon_threads = True

    def __init__(self, port: int, relay: Relay, secret: str) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.relay = relay
        self.path = f"/hooks/{secret}"
        self.tickets: dict[Any, int] = {}
        self._counter = itertools.count(1)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Runs on the accepting thread, one connection after the other."""
        self.tickets[client_address] = next(self._counter)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """See socketserver."""
        super().shutdown_request(request)


class _Handler(BaseHTTPRequestHandler):
    server: Hooks  # pyright: ignore[reportIncompatibleVariableOverride]
    timeout = 10

    def do_GET(self) -> None:
        """The health check."""
        self._answer(200 if self.path == "/health" else 404, {"status": "ok", "publishers": len(self.server.relay)})

    def do_POST(self) -> None:
        """Answers a hook. nginx takes 2xx for yes, anything else for no."""
        ticket = self.server.tickets.pop(self.client_address, 0)
        if not secrets.compare_digest(self.path.encode(), self.server.path.encode()):
            self._answer(404, {"detail": "no such hook"})
            return
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), _MAX_BODY_BYTES))
        fields, repeated = _read(body.decode(errors="replace"))
        try:
            self._decide(fields, repeated, ticket)
        except (MediaAnalyzerError, SendError) as error:
            labels = {"call": fields.get("call"), "stream": fields.get("name"), "address": fields.get("addr")}
            log.warning("refused: %s", error, extra={"labels": labels})
            self._answer(403, {"detail": str(error)})
        else:
            self._answer(200, {})

    def _decide(self, fields: Fields, repeated: set[str], ticket: int) -> None:
        relay, client, stream = self.server.relay, fields.get("clientid", ""), fields.get("name", "")
        match fields.get("call"):
            case "publish":
                _check_repeated(repeated)
                relay.publish(client, stream, fields.get("key", ""), fields.get("addr", ""))
            case "play":
                _check_repeated(repeated)
                relay.play(client, stream, fields.get("pull", ""))
            # An end is always that of nginx's own client. nginx itself repeats `app` in a disconnect.
            case "publish_done":
                relay.publish_done(client, ticket)
            case "disconnect":
                relay.disconnect(client, ticket)
            case other:
                raise Unauthorized(f"invalid call {other!r}: nginx.conf declares no such hook")

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Logs nothing: the lines would all be alike."""


def _read(body: str) -> tuple[Fields, set[str]]:
    """The first value of each name, and the names that occur more than once."""
    fields: Fields = {}
    repeated: set[str] = set()
    for name, value in parse_qsl(body, keep_blank_values=True):
        if name in fields:
            repeated.add(name)
        fields.setdefault(name, value)
    return fields, repeated


def _check_repeated(names: set[str]) -> None:
    if names:
        raise BadRequest(f"invalid arguments: {', '.join(sorted(names))[:200]} more than once; expected ?key=KEY alone")
