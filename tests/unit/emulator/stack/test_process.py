"""A child is restarted when it dies, and gone with all of its own when it is stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from tests.servers import free_port
from tests.unit.emulator.stack.children import SERVE, Changes

from emulator.declaration.environment import minimal
from emulator.errors import StartFailed
from emulator.processes.pids import descendants
from emulator.processes.process import Process, ProcessSpec, ProcessState
from emulator.processes.ready import http_answers
from emulator.processes.spawn import wrapper

STUBBORN = """
    import signal, subprocess, sys
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    open("child", "w").write(str(child.pid))
"""
Start = Callable[..., Process]


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def start(tmp_path: Path, port: int) -> Iterator[Start]:
    started: list[Process] = []

    def begin(code: str, changes: Changes | None = None, gives_way: bool = False, **more: Any) -> Process:
        spec = ProcessSpec(
            name="child",
            kind="function",
            command=(sys.executable, "-c", textwrap.dedent(code)),
            env={**minimal(), "PORT": str(port)},
            cwd=tmp_path,
            port=port,
            ready=http_answers(port, "/"),
            gives_way=gives_way,
            **more,
        )
        started.append(Process(spec, tmp_path / "logs", changes or Changes()))
        return started[-1]

    yield begin
    for process in started:
        process.stop(1)


def test_it_is_running_once_it_answers(start: Start, tmp_path: Path) -> None:
    process = start(SERVE)
    process.wait_ready(20)
    assert process.state == ProcessState.RUNNING
    assert " serving\n" in (tmp_path / "logs" / "child.log").read_text()


APP = """
    def app(environ, start_response):
        start_response("200 OK", [])
        return [b"hello"]
"""


@pytest.fixture
def idle(tmp_path: Path, port: int) -> Iterator[tuple[Process, Changes]]:
    (tmp_path / "application.py").write_text(textwrap.dedent(APP))
    changes = Changes()
    gunicorn = (sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "application:app")
    ready = http_answers(port, "/")
    process = Process(
        ProcessSpec("child", "function", gunicorn, minimal(), tmp_path, port, ready, on_demand=True),
        tmp_path / "logs",
        changes,
    )
    process.wait_ready(20)
    yield process, changes
    process.stop(1)


def test_one_that_is_started_on_demand_answers_the_first_request(idle: tuple[Process, Changes], port: int) -> None:
    process, changes = idle
    assert (process.state, process.pid) == (ProcessState.IDLE, None)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as answer:
        assert answer.read() == b"hello"
    changes.wait_for(ProcessState.IDLE, ProcessState.RUNNING)
    assert process.pid is not None


def test_one_that_was_started_on_demand_is_restarted_when_it_dies(idle: tuple[Process, Changes], port: int) -> None:
    process, changes = idle
    urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20).close()
    changes.wait_for(ProcessState.IDLE, ProcessState.RUNNING)
    for one in descendants(process.pid or 0):
        one.kill()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as answer:  # it waits for the next one
        assert answer.read() == b"hello"
    assert process.restarts == 1


def test_one_that_nobody_asked_for_stops_at_once(idle: tuple[Process, Changes], port: int) -> None:
    process, changes = idle
    process.stop(0)
    assert changes.seen == [ProcessState.IDLE, ProcessState.STOPPED]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_one_whose_port_is_taken_says_so(idle: tuple[Process, Changes], tmp_path: Path, port: int) -> None:
    with pytest.raises(StartFailed, match=f"child cannot listen on port {port}: "):
        Process(idle[0].spec, tmp_path / "others", Changes())


def test_a_crash_is_restarted_and_counted(start: Start) -> None:
    changes = Changes()
    process = start(SERVE, changes)
    process.wait_ready(20)
    first = process.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    changes.wait_for(ProcessState.RUNNING, ProcessState.RESTARTING, ProcessState.RUNNING)
    assert process.pid not in (None, first)
    assert process.restarts == 1
    assert process.last_exit == "last ended with signal SIGKILL"


def test_an_exit_code_of_its_own_is_told_in_its_words(start: Start) -> None:
    changes = Changes()
    full = "import os, threading; threading.Timer(1, os._exit, (3,)).start()"
    process = start(f"{full}\n{textwrap.dedent(SERVE)}", changes, exits={3: "it ran out of memory"})
    changes.wait_for(ProcessState.RUNNING, ProcessState.RESTARTING)
    assert process.last_exit == "it ran out of memory"


def test_one_that_never_came_up_fails_with_its_log_and_is_not_tried_again(start: Start) -> None:
    changes = Changes()
    process = start("import sys; print('MEDIA_BUCKET is not set'); sys.exit(3)", changes)
    with pytest.raises(StartFailed, match="child ended with exit code 3 before it was ready") as raised:
        process.wait_ready(20)
    assert raised.value.tail[-1].endswith("MEDIA_BUCKET is not set")
    assert changes.seen == [ProcessState.FAILED]


def test_one_that_does_not_answer_in_time_fails(start: Start) -> None:
    process = start("import time; time.sleep(600)")
    with pytest.raises(StartFailed, match=r"did not answer within 0\.1 s"):
        process.wait_ready(0.1)


def test_stopping_lets_it_end_by_itself(start: Start) -> None:
    process = start(SERVE)
    process.wait_ready(20)
    pid = process.pid
    assert pid is not None
    process.stop(10)
    assert process.state == ProcessState.STOPPED
    assert process.exit_code == -signal.SIGTERM
    assert not psutil.pid_exists(pid)


def test_stopping_kills_what_ignores_it_and_what_it_started(start: Start, tmp_path: Path) -> None:
    process = start(STUBBORN + SERVE)
    process.wait_ready(20)
    grandchild = psutil.Process(int((tmp_path / "child").read_text()))
    process.stop(0.2)
    assert process.exit_code == -signal.SIGKILL
    psutil.wait_procs([grandchild], timeout=5)
    assert not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE


def test_stopping_one_that_waits_to_be_restarted_returns_at_once(start: Start) -> None:
    changes = Changes()
    process = start(SERVE, changes)
    process.wait_ready(20)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    changes.wait_for(ProcessState.RUNNING, ProcessState.RESTARTING)
    process.stop(0)
    assert process.state == ProcessState.STOPPED


def test_it_gives_way_to_others_when_told_to(start: Start) -> None:
    process = start(SERVE, gives_way=True)
    process.wait_ready(20)
    assert psutil.Process(process.pid).nice() == min(psutil.Process().nice() + 10, 19)


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="processes are not grouped by session here")
def test_it_gives_way_to_other_sessions_too(start: Start) -> None:
    process = start(SERVE, gives_way=True)
    process.wait_ready(20)
    assert Path(f"/proc/{process.pid}/autogroup").read_text().endswith(" nice 10\n")


@pytest.mark.skipif(sys.platform != "linux", reason="the parent-death signal is Linux's")
def test_it_dies_with_its_parent(tmp_path: Path, port: int) -> None:
    code = f"""
    import sys; sys.path[:0] = {sys.path!r}
    import os, signal
    from pathlib import Path
    from emulator.processes.process import Process, ProcessSpec
    from emulator.processes.ready import http_answers
    command = (sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "{port}")
    spec = ProcessSpec("child", "function", command, dict(os.environ), Path("."), {port}, http_answers({port}, "/"))
    process = Process(spec, Path("logs"), lambda _: None)
    process.wait_ready(20)
    Path("child").write_text(str(process.pid))
    os.kill(os.getpid(), signal.SIGKILL)
    """
    with psutil.Popen([sys.executable, "-c", textwrap.dedent(code)], cwd=tmp_path) as parent:
        assert parent.wait(60) == -signal.SIGKILL
    child = int((tmp_path / "child").read_text())
    _, alive = psutil.wait_procs([psutil.Process(child)] if psutil.pid_exists(child) else [], timeout=5)
    assert not alive or alive[0].status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("gives_way", [True, False])
def test_a_child_whose_parent_died_while_it_was_started_does_not_start(gives_way: bool) -> None:
    """The kernel's signal on the death of a parent is asked for too late to arrive."""
    started = ["/bin/echo", "started"]
    ours = subprocess.run([*wrapper(os.getpid(), gives_way), *started], capture_output=True, text=True)
    assert (ours.returncode, ours.stdout) == (0, "started\n")
    gone = subprocess.Popen("true")
    gone.wait()
    orphan = subprocess.run([*wrapper(gone.pid, gives_way), *started], capture_output=True, text=True)
    assert (orphan.returncode, orphan.stdout) == (1, "")
