"""LOCAL_CLIP names the tiny model, a folder, or a model of Hugging Face, which is fetched once."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from emulator.declaration.clip_model import TINY, clip_model
from emulator.declaration.declared import declare
from emulator.declaration.environment import of_emulator
from emulator.errors import Unrealisable
from emulator.paths import ROOT, stack_paths
from emulator.processes.ports import Ports
from emulator.stack.emulators import addresses

NAME, COMMIT = "acme/tiny", "a" * 40
FETCH = """
import sys
from pathlib import Path
from emulator.declaration.clip_model import clip_model
from emulator.errors import Unrealisable
try:
    print(clip_model(sys.argv[1], lambda line: print("said", line), Path(sys.argv[2])))
except Unrealisable as error:
    sys.exit(str(error))
"""


class Hub(ThreadingHTTPServer):
    """Hugging Face's API, as much of it as a download needs, with the tiny model as acme/tiny."""

    daemon_threads = True

    def __init__(self) -> None:
        self.asked: list[str] = []
        files = {file.name: file.read_bytes() for file in TINY.iterdir()} | {"tf_model.h5": b"of another framework"}
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hub.asked.append(f"{self.command} {self.path}")
                path = self.path.partition("?")[0]
                if path == f"/api/models/{NAME}/revision/main":
                    return self._answer(200, json.dumps({"id": NAME, "sha": COMMIT}).encode())
                if path == f"/api/models/{NAME}/tree/{COMMIT}":
                    listed = [
                        {"type": "file", "path": name, "size": len(data), "oid": hashlib.sha1(data).hexdigest()}
                        for name, data in files.items()
                    ]
                    return self._answer(200, json.dumps(listed).encode())
                name = path.removeprefix(f"/{NAME}/resolve/{COMMIT}/")
                return self._answer(200, files[name]) if name in files else self._answer(404, b"")

            do_HEAD = do_GET

            def _answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                if status == 404:
                    self.send_header("X-Error-Code", "RepoNotFound")
                self.send_header("X-Repo-Commit", COMMIT)
                self.send_header("ETag", f'"{hashlib.sha1(body).hexdigest()}"')
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


@pytest.fixture
def hub() -> Iterator[Hub]:
    running = Hub()
    yield running
    running.shutdown()
    running.server_close()


def fetch(hub: Hub, name: str, cache: Path) -> subprocess.CompletedProcess[str]:
    """In a process of its own: where the hub is, its library reads when it is imported."""
    address = f"http://127.0.0.1:{hub.server_address[1]}"
    return subprocess.run(
        [sys.executable, "-c", FETCH, name, str(cache)],
        env={**of_emulator(ROOT), "HF_ENDPOINT": address, "HF_HOME": str(cache / "home"), "HF_HUB_DISABLE_XET": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_one_is_the_tiny_model_of_the_tests() -> None:
    assert clip_model("1", print) == ROOT / "tests" / "fixtures" / "tiny-clip"


def test_a_folder_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(TINY.parent)
    assert clip_model("tiny-clip", print) == TINY
    assert clip_model(str(TINY), print) == TINY


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unrealisable, match=r"holds no config\.json"):
        clip_model(str(tmp_path), print)


def test_a_name_is_fetched_once_without_the_weights_of_other_frameworks(hub: Hub, tmp_path: Path) -> None:
    first = fetch(hub, NAME, tmp_path)
    assert first.returncode == 0, first.stderr
    said, folder = first.stdout.splitlines()
    assert said.startswith(f"said fetching {NAME} from Hugging Face")
    assert (Path(folder) / "model.safetensors").read_bytes() == (TINY / "model.safetensors").read_bytes()
    assert not (Path(folder) / "tf_model.h5").exists()
    asked = len(hub.asked)
    assert fetch(hub, NAME, tmp_path).stdout.strip() == folder
    assert len(hub.asked) == asked, "the second start asks Hugging Face for nothing"


def test_a_name_that_hugging_face_does_not_know_is_said_in_a_sentence(hub: Hub, tmp_path: Path) -> None:
    failed = fetch(hub, "acme/nothing", tmp_path)
    assert failed.returncode == 1
    last = failed.stderr.strip().splitlines()[-1]
    assert last.startswith("LOCAL_CLIP=acme/nothing is neither a folder here nor a model that Hugging Face gives: ")


def test_what_is_no_name_is_said_too(hub: Hub, tmp_path: Path) -> None:
    failed = fetch(hub, "a b/c/d", tmp_path)
    assert failed.returncode == 1
    assert "is neither a folder here nor a model that Hugging Face gives: " in failed.stderr


def test_two_clip_services_at_once_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCAL_CLIP", "1")
    monkeypatch.setenv("CLIP_URL", "http://gpu.test:8080")
    ports = Ports("unit-clip", lambda _: None)
    with pytest.raises(Unrealisable, match="name two CLIP services: leave one of them out"):
        declare(stack_paths("unit-clip"), addresses(ports), ports, print)


def test_a_clip_service_on_another_machine_is_declared_with_its_key(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("LOCAL_CLIP", raising=False)
    monkeypatch.setenv("CLIP_URL", "http://gpu.test:8080")
    monkeypatch.setenv("CLIP_KEY", "a-key-of-the-test-1234567")
    ports, paths = Ports("unit-clip", lambda _: None), stack_paths("unit-clip", tmp_path)
    graph = declare(paths, addresses(ports), ports, print).graph
    assert graph.exports["clipUrl"] == "http://gpu.test:8080"
    [version] = [v for v in graph.of("gcp:secretmanager/secretVersion:SecretVersion") if v.name == "clip-key"]
    assert version.inputs["secretData"] == "a-key-of-the-test-1234567"
