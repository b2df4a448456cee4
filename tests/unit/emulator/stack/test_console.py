"""The console shows the state without its secrets and the ends of logs, and restarts for a holder of the key."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
import requests
from tests.servers import free_port
from tests.unit.emulator.stack.recorder import recording
from tests.wait import until

from emulator.declaration.endpoints import Endpoints
from emulator.errors import CallFailed, StartFailed
from emulator.paths import StackPaths
from emulator.processes.logfiles import LogFile, file_of
from emulator.rest import fetch
from emulator.stack.console import Console
from emulator.stack.console.documents import DocumentWrites
from emulator.stack.state import ResourceState, State, StateFile

KEY = "the-admin-key"


@pytest.fixture
def paths(tmp_path: Path) -> StackPaths:
    return StackPaths("unit", tmp_path)


@pytest.fixture
def port() -> int:
    return free_port()


def restart(name: str | None) -> list[str]:
    """What a supervisor does: `sample` fails to start, and without a name `detect` has changed."""
    if name == "sample":
        raise StartFailed("sample ended with exit code 1", ("SyntaxError",))
    return [name or "detect"]


@pytest.fixture
def console(paths: StackPaths, port: int) -> Iterator[Console]:
    state = State("unit", 1, endpoints=Endpoints(*"abcdefghijklmn", admin_key=KEY))
    file = StateFile(paths.state, state)
    file.put(ResourceState("sample", "function", "running", port=1))
    console = Console(port, paths, file, restart)
    console.start()
    yield console
    console.stop()


@pytest.fixture
def address(console: Console, port: int) -> str:
    return f"127.0.0.1:{port}"


def tell(console: str, *paths: str) -> None:
    """What a workload tells the console that it has written."""
    host, _, port = console.rpartition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto("\n".join(paths).encode(), (host, int(port)))


def test_the_page_is_served(address: str) -> None:
    assert b"<title>Media Analyzer stack</title>" in fetch("GET", address, "/")


@pytest.mark.parametrize(
    ("host", "status"), [("rebind.example", 403), ("rebind.example:80", 403), ("localhost", 200), ("127.0.0.1:1", 200)]
)
def test_it_answers_to_the_names_of_this_machine_alone(address: str, host: str, status: int) -> None:
    assert requests.get(f"http://{address}/state", headers={"Host": host}, timeout=10).status_code == status


def test_the_state_is_shown_without_the_admin_key(address: str) -> None:
    text = fetch("GET", address, "/state").decode()
    assert KEY not in text
    assert json.loads(text)["resources"]["function/sample"]["state"] == "running"


@pytest.mark.parametrize(
    "body, status, answer",
    [
        ({"name": "ingest"}, 200, {"restarted": ["ingest"]}),
        ({"name": None}, 200, {"restarted": ["detect"]}),
        ({"name": "sample"}, 409, {"error": "sample ended with exit code 1", "log": ["SyntaxError"]}),
        ({}, 400, {"error": 'invalid body: expected {"name": NAME} or {"name": null}'}),
    ],
)
def test_a_restart_is_asked_for_with_the_admin_key(address: str, body: object, status: int, answer: object) -> None:
    assert asked(address, body, f"Bearer {KEY}") == (status, answer)


@pytest.mark.parametrize("authorization", ["", "Bearer another", "Bearer ü"])
def test_without_the_admin_key_nothing_is_restarted(address: str, authorization: str) -> None:
    assert asked(address, {"name": "ingest"}, authorization) == (
        401,
        {"error": "the admin key of the stack is missing"},
    )


def asked(address: str, body: object, authorization: str) -> tuple[int, object]:
    """Status and answer of a request to restart."""
    connection = HTTPConnection(address, timeout=20)
    headers = {"Authorization": authorization.encode()}
    connection.request("POST", "/restart", json.dumps(body).encode(), headers)
    with connection.getresponse() as response:
        return response.status, json.load(response)


def test_objects_and_documents_written_too_fast_are_shown_the_worst_first(paths: StackPaths, port: int) -> None:
    objects = [{"name": "media/a", "writes": 9, "over": 2}]
    with recording() as storage:
        storage.answers["/_emulator"] = (200, json.dumps({"written too fast": objects}).encode())
        endpoints = Endpoints("p", storage.address, *"cdefghijklmn", admin_key=KEY)
        console = Console(port, paths, StateFile(paths.state, State("unit", 1, endpoints=endpoints)), restart)
        console.start()
        tell(console.documents, *["streams/a"] * 5, "streams/b")
        read = lambda: json.loads(fetch("GET", f"127.0.0.1:{port}", "/state"))["over"]  # noqa: E731
        until(lambda: len(read()) == 2, 60, "the document")
        found = read()
        console.stop()
    assert found == [
        {"kind": "document", "name": "streams/a", "writes": 5, "over": 3},
        {"kind": "object", "name": "media/a", "writes": 9, "over": 2},
    ]


def test_what_is_no_path_of_a_document_does_not_end_the_count() -> None:
    writes = DocumentWrites()
    writes.start()
    tell(writes.address, "\0" * 1000)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"\xff\xfe", ("127.0.0.1", int(writes.address.rpartition(":")[2])))
    tell(writes.address, *["streams/a"] * 3)
    until(lambda: [one.name for one in writes.over()] == ["streams/a"], 60, "the document")
    writes.stop()


def test_the_end_of_a_log_is_shown(address: str, paths: StackPaths) -> None:
    log = LogFile(file_of(paths.logs, "sample"))
    log.write("hello")
    log.close()
    assert fetch("GET", address, "/logs/sample").endswith(b"Z hello")


@pytest.mark.parametrize("path", ["/nothing", "/../state.json"])
def test_there_is_nothing_else(address: str, path: str) -> None:
    with pytest.raises(CallFailed) as raised:
        fetch("GET", address, path)
    assert raised.value.status == 404


def test_a_log_outside_the_folder_cannot_be_read(address: str, paths: StackPaths) -> None:
    (paths.base / "other.log").write_text("no")
    assert fetch("GET", address, "/logs/../other") == b""
