"""The developer's loop (`make watch`), in a copy of the repository whose files can be changed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import pytest
from tests.wait import until

from emulator.declaration.endpoints import Endpoints
from emulator.stack.state import State, Status, read_state

pytestmark = pytest.mark.stack
ROOT = Path(__file__).parents[2]
NAME = f"watch-{os.getpid()}"
COPIED = ("functions", "infra", "local-emulator", "runner", "web", "pyproject.toml", ".dockerignore", "Pulumi.yaml")
LINKED = (".venv", "web/node_modules", "web/dist", ".local/cache", ".local/env", ".local/media")


@dataclass
class Watching:
    """`python local-emulator watch` at work on the repository `root`; `said` are its lines."""

    root: Path
    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list[str])

    def state(self) -> State:
        state = read_state(self.root / ".local" / NAME / "state.json")
        assert state is not None
        return state

    def pids(self) -> dict[str, int | None]:
        """Of each process, by its name in the state."""
        return {name: one.pid for name, one in self.state().resources.items() if one.port}

    def change(self, file: str, old: str, new: str) -> None:
        text = (self.root / file).read_text()
        assert old in text
        (self.root / file).write_text(text.replace(old, new))

    def wait_for(self, part: str) -> str:
        """The line with this part, once it is said."""
        return until(
            lambda: next((line for line in self.said if part in line), None), 60, lambda: f"{self.said}: {part}"
        )

    def answer(self, url: str) -> str:
        with urllib.request.urlopen(url, timeout=20) as response:
            return response.read().decode()


@pytest.fixture(scope="module")
def watching(stack: Endpoints, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watching]:
    """In a copy with the packages, emulators and media that `stack` has found or made."""
    root = tmp_path_factory.mktemp("repository")
    listing = subprocess.run(["git", "ls-files", *COPIED], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in listing.splitlines():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, root / name)
    (root / ".local").mkdir()
    for name in LINKED:
        (root / name).symlink_to((ROOT / name).resolve())
    command = [sys.executable, "local-emulator", "watch", "--stack", NAME]
    process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    found = Watching(root, process)
    assert process.stdout is not None
    reader = Thread(target=lambda lines: found.said.extend(lines), args=(process.stdout,))
    reader.start()
    try:
        yield found
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        reader.join()


def test_only_what_a_file_belongs_to_is_restarted_and_runs_the_new_code(watching: Watching) -> None:
    page = watching.wait_for("page ").split()[-1]
    watching.wait_for("watching ")
    web = watching.state().endpoints
    assert web is not None
    assert "/@vite/client" in watching.answer(page)
    assert json.loads(watching.answer(f"{page}config.json"))["apiUrl"] == "/api"
    assert json.loads(watching.answer(f"{page}api/openapi.json"))["openapi"]

    before = watching.pids()
    watching.change("runner/front/app.py", 'jsonify(status="ok")', 'jsonify(status="second edition")')
    watching.wait_for("runner/front/app.py: restarted front")
    assert "second edition" in watching.answer(f"{web.web}health")
    assert changed(before, watching.pids()) == {"service/front"}

    before = watching.pids()
    watching.change("functions/main.py", 'return _handler("housekeep").respond(request)', 'return "third edition"')
    watching.wait_for("functions/main.py: restarted ")
    port = watching.state().resources["function/housekeep"].port
    assert watching.answer(f"http://127.0.0.1:{port}/") == "third edition"
    restarted = changed(before, watching.pids())
    assert "function/sample" in restarted
    assert {name for name in restarted if not name.startswith("function/")} == set()


def test_what_cannot_be_brought_up_is_said_and_mended_by_the_next_change(watching: Watching) -> None:
    app, starts, breaks = "runner/front/app.py", "    front()\n    metrics", "    raise RuntimeError('no')\n    metrics"
    before = watching.pids()
    watching.change(app, "def create_app() -> Flask:", "def create_app( -> Flask:")
    assert f"{app}:" in watching.wait_for("invalid syntax")
    assert changed(before, watching.pids()) == set(), "what ran goes on"
    watching.change(app, "def create_app( -> Flask:", "def create_app() -> Flask:")
    watching.change(app, starts, breaks)
    watching.wait_for(f"{app}: front ended with")
    watching.wait_for("RuntimeError: no")
    watching.said.clear()
    watching.change(app, breaks, starts)
    watching.wait_for(f"{app}: restarted front")
    assert changed(before, watching.pids()) == {"service/front"}


def test_a_resource_is_restarted_by_name(watching: Watching) -> None:
    before = watching.pids()
    done = restart(watching, "vision")
    assert (done.returncode, done.stdout) == (0, "restarted vision\n"), done.stderr
    assert changed(before, watching.pids()) == {"emulator/vision"}
    unknown = restart(watching, "viison")
    assert unknown.returncode == 1
    assert "invalid resource 'viison': expected one of " in unknown.stderr
    assert watching.state().status == Status.READY


def test_a_file_that_no_archive_and_no_image_holds_restarts_nothing(watching: Watching) -> None:
    before = watching.pids()
    (watching.root / "runner" / "README.md").write_text("no image copies this\n")
    done = restart(watching)
    assert (done.returncode, done.stdout) == (0, "nothing has changed\n"), done.stderr
    assert changed(before, watching.pids()) == set()


def restart(watching: Watching, *names: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "local-emulator", "restart", *names, "--stack", NAME]
    return subprocess.run(command, cwd=watching.root, capture_output=True, text=True, timeout=120)


def changed(before: dict[str, int | None], after: dict[str, int | None]) -> set[str]:
    """What ran and runs as another process now; an instance that a first request started was not restarted."""
    return {name for name, pid in before.items() if pid and after[name] != pid}
