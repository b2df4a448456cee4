"""What a stranger with a browser may read and write in Firestore, asked of the emulator under the declared rules."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from tests.servers import await_ready, free_port

from emulator.emulators import google_emulators
from emulator.processes.ready import http_answers

ROOT = Path(__file__).parents[3]
PROJECT = "demo-rules"
SESSION = "streams/lobby/sessions/s1"
READABLE = [
    *("streams/lobby", SESSION, f"{SESSION}/segments/00000001", f"{SESSION}/frames/0000001000"),
    f"{SESSION}/transcripts/00000001",
    f"{SESSION}/minutes/000000-logo",
    *("streams/lobby/imports/s1", "brands/nike", "providers/vision"),
]
CLOSED = [
    "keys/lobby",
    "dead_letters/segments-1",
    "leases/lobby",
    "config/analysis",
    f"{SESSION}/other/1",
    "streams/lobby/private/1",
]


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the documents of a Firestore that has one at each path, under the declared rules."""
    port = free_port()
    folder = tmp_path_factory.mktemp("firestore")
    command, _ = google_emulators.firestore(port, free_port(), folder, print)
    address = f"http://127.0.0.1:{port}"
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)
    try:
        await_ready(process, http_answers(port, "/"), log)
        rules = {"name": "firestore.rules", "content": (ROOT / "infra" / "firestore.rules").read_text()}
        put = requests.put(
            f"{address}/emulator/v1/projects/{PROJECT}:securityRules", json={"rules": {"files": [rules]}}, timeout=30
        )
        assert put.status_code == 200, put.text
        base = f"{address}/v1/projects/{PROJECT}/databases/(default)/documents"
        for path in READABLE + CLOSED:
            owner = {"Authorization": "Bearer owner"}  # stands for the services, which IAM lets in
            assert requests.patch(f"{base}/{path}", json={"fields": {}}, headers=owner, timeout=30).ok
        yield base
    finally:
        process.terminate()
        process.wait(60)


@pytest.mark.parametrize("path", READABLE)
def test_what_is_shown_can_be_read_and_listed_and_not_written(documents: str, path: str) -> None:
    collection = path.rpartition("/")[0]
    assert requests.get(f"{documents}/{path}", timeout=30).status_code == 200
    assert requests.get(f"{documents}/{collection}", timeout=30).status_code == 200
    assert requests.patch(f"{documents}/{path}", json={"fields": {}}, timeout=30).status_code == 403
    assert requests.post(f"{documents}/{collection}", json={"fields": {}}, timeout=30).status_code == 403
    assert requests.delete(f"{documents}/{path}", timeout=30).status_code == 403


@pytest.mark.parametrize("path", CLOSED)
def test_everything_else_is_closed(documents: str, path: str) -> None:
    collection = path.rpartition("/")[0]
    assert requests.get(f"{documents}/{path}", timeout=30).status_code == 403
    assert requests.get(f"{documents}/{collection}", timeout=30).status_code == 403
    assert requests.patch(f"{documents}/{path}", json={"fields": {}}, timeout=30).status_code == 403
