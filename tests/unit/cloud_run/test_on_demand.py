"""Instances that the supervisor starts when the front end first connects to them: from none to one, and to two."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.servers import free_port
from tests.wait import until

from emulator.declaration.environment import minimal
from emulator.processes.pids import descendants
from emulator.processes.process import Process, ProcessSpec, ProcessState
from emulator.processes.ready import http_answers

APP = """
    import os
    def app(environ, start_response):
        start_response("200 OK", [("Content-Length", str(len(str(os.getppid()))))])
        return [str(os.getppid()).encode()]
"""


@pytest.fixture
def idle(tmp_path: Path) -> Iterator[list[Process]]:
    """Two servers under gunicorn that were not called yet; each says its master's process id."""
    (tmp_path / "application.py").write_text(textwrap.dedent(APP))
    processes: list[Process] = []
    for name in ("one", "two"):
        port = free_port()
        gunicorn = (sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "application:app")
        ready = http_answers(port, "/")
        spec = ProcessSpec(name, "function", gunicorn, minimal(), tmp_path, port, ready, on_demand=True)
        processes.append(Process(spec, tmp_path / "logs", lambda _: None))
    yield processes
    for process in processes:
        process.stop(5)


def test_the_first_request_starts_an_instance_and_is_answered_by_it(idle: list[Process], front: Any) -> None:
    one, _ = idle
    assert one.state == ProcessState.IDLE
    status, _, body = front(one.spec.port).ask("GET", "/")
    assert (status, int(body)) == (200, one.pid)


def test_the_second_instance_is_started_too_and_takes_its_turn(idle: list[Process], front: Any) -> None:
    before = front(*(process.spec.port for process in idle))
    before.ask("GET", "/")
    until(lambda: all(process.state == ProcessState.RUNNING for process in idle), 30, "both instances")
    answered = {int(before.ask("GET", "/")[2]) for _ in range(4)}
    assert answered == {process.pid for process in idle}


def test_one_that_dies_is_waited_for(idle: list[Process], front: Any) -> None:
    one, _ = idle
    before = front(one.spec.port)
    before.ask("GET", "/")
    assert one.pid is not None
    for process in descendants(one.pid):
        process.kill()
    until(lambda: one.restarts == 1, 30, "the restart")
    assert before.ask("GET", "/")[0] == 200
