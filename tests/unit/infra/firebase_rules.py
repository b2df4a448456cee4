"""A stand-in for the Firebase Rules API, as far as releases go, and for the token service of a service account."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

PROJECT = "acme-video"
RELEASE = f"projects/{PROJECT}/releases/cloud.firestore"


class Rules(ThreadingHTTPServer):
    """`releases` by their full name; `calls` are (method, path) in order. `late`: appears after it was looked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.releases: dict[str, str] = {}
        self.late: dict[str, str] = {}
        self.calls: list[tuple[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Rules

    def do_GET(self) -> None:
        name = self._asked()
        if name:
            self._release(name)

    def do_PATCH(self) -> None:
        body, name = self._body(), self._asked()
        if name and name not in self.server.releases:
            self._refuse(404, "NOT_FOUND")
            self.server.releases |= self.server.late
        elif name:
            assert body["release"]["name"] == name
            self.server.releases[name] = body["release"]["rulesetName"]
            self._release(name)

    def do_POST(self) -> None:
        body = self._body()
        if self.path == "/token":
            self._answer(200, {"access_token": "token-1", "expires_in": 3600, "token_type": "Bearer"})
        elif self._asked():
            if body["name"] in self.server.releases:
                self._refuse(409, "ALREADY_EXISTS")
            else:
                self.server.releases[body["name"]] = body["rulesetName"]
                self._release(body["name"])

    def _asked(self) -> str:
        """The resource that is asked for; "" where the caller was refused."""
        self.server.calls.append((self.command, self.path))
        headers = self.headers
        if headers["Authorization"] != "Bearer token-1" or headers["X-Goog-User-Project"] != PROJECT:
            self._refuse(403, "PERMISSION_DENIED")
            return ""
        return self.path.removeprefix("/v1/")

    def _release(self, name: str) -> None:
        if name in self.server.releases:
            self._answer(200, {"name": name, "rulesetName": self.server.releases[name]})
        else:
            self._refuse(404, "NOT_FOUND")

    def _body(self) -> Any:
        text = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        return json.loads(text) if self.headers["Content-Type"] == "application/json" else {}

    def _refuse(self, code: int, status: str) -> None:
        self._answer(code, {"error": {"code": code, "status": status}})

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@contextmanager
def serving() -> Iterator[Rules]:
    server = Rules()
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def credentials(folder: Path, server: Rules) -> Path:
    """A service account's key file, whose tokens `server` makes."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    file = folder / "credentials.json"
    email = f"deployer@{PROJECT}.iam.gserviceaccount.com"
    account = {"type": "service_account", "project_id": PROJECT, "client_email": email, "private_key": text}
    file.write_text(json.dumps({**account, "private_key_id": "1", "token_uri": f"{server.url}/token"}))
    return file
