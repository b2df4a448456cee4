import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from typing import Any

import pytest

from emulator.errors import CallFailed
from emulator.sample import streams


@pytest.fixture
def api() -> Iterator[Any]:
    """An API that holds stream ids; `endpoints` as of a stack."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.headers["Authorization"] != "Bearer admin":
                self.reply(401, {"detail": "the admin key is missing or wrong"})
            elif body["id"] in known:
                self.reply(409, {"detail": "it exists already"})
            else:
                known[body["id"]] = body["name"]
                self.reply(201, {"stream": {"id": body["id"]}, "key": f"key-{len(known)}"})

        def do_DELETE(self) -> None:
            del known[self.path.rsplit("/", 1)[1]]
            deleted.append(self.path)
            self.reply(204, None)

        def reply(self, status: int, answer: dict[str, str] | dict[str, Any] | None) -> None:
            data = b"" if answer is None else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    known: dict[str, str] = {}
    deleted: list[str] = []
    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield SimpleNamespace(
        api=f"http://127.0.0.1:{server.server_port}", admin_key="admin", known=known, deleted=deleted,
        ingest="http://127.0.0.1:9/", web="http://127.0.0.1:8/index.html",
    )  # fmt: skip
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_stream_is_made_and_its_key_returned(api: Any) -> None:
    assert streams.create(api, "demo", "Demo") == "key-1"
    assert api.known == {"demo": "Demo"}


def test_an_id_that_is_taken_is_a_conflict(api: Any) -> None:
    streams.create(api, "demo", "Demo")
    with pytest.raises(CallFailed, match="it exists already") as caught:
        streams.create(api, "demo", "Demo")
    assert caught.value.status == 409


def test_making_it_anew_deletes_the_old_one(api: Any) -> None:
    streams.create(api, "demo", "Old")
    assert streams.recreate(api, "demo", "New") == "key-1"
    assert api.deleted == ["/streams/demo"]
    assert api.known == {"demo": "New"}


def test_another_refusal_deletes_nothing(api: Any) -> None:
    streams.create(api, "demo", "Old")
    api.admin_key = "wrong"
    with pytest.raises(CallFailed, match="401"):
        streams.recreate(api, "demo", "New")
    assert api.deleted == []


def test_addresses_are_those_of_the_stack(api: Any) -> None:
    assert streams.address(api, "demo") == "http://127.0.0.1:9/streams/demo"
    assert streams.page(api, "demo") == "http://127.0.0.1:8/index.html?stream=demo"
