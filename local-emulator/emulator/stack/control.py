"""Starting, finding and stopping a stack, from any process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable

import psutil

from ..declaration.endpoints import Endpoints
from ..errors import AlreadyRunning, NotRunning, StackError, StartFailed
from ..paths import ROOT, StackPaths, stack_paths
from ..processes.pids import descendants, kill_all
from . import lock
from .state import State, Status, read_state

_POLL = 0.03  # s
_STOPS_WITHIN = 20.0  # s: two rounds of SIGTERM and SIGKILL, and some
_RESTARTS_WITHIN = 300.0  # s, for all that changed
_children: dict[str, subprocess.Popen[bytes]] = {}  # supervisors started by this process, to be waited for


def start(
    name: str = "dev", *, clean: bool = True, instances: int = 1, progress: Callable[[str], None] | None = None
) -> Endpoints:
    """Brings a stack up in the background and returns when it is ready.

    `clean` forgets the logs of earlier runs. `instances`: so many of each service and function that may have them;
    all but the declared least start on demand. `progress` is told, line by line, how far it is. Raises AlreadyRunning,
    and StartFailed with the reason and the end of the log of what failed; then nothing is left running.
    """
    paths = stack_paths(name)
    if lock.is_held(paths.lock):
        raise AlreadyRunning(f"the stack {name} is up already")
    _sweep(paths)
    paths.state.unlink(missing_ok=True)
    paths.base.mkdir(parents=True, exist_ok=True)
    child = _children[name] = _launch(paths, clean, instances)
    try:
        return _wait(paths, child, progress or _say_nothing)
    except BaseException:  # Ctrl-C too: what is half up must not stay
        child.terminate()
        child.wait()
        raise


def _wait(paths: StackPaths, supervisor: subprocess.Popen[bytes], say: Callable[[str], None]) -> Endpoints:
    told = 0
    while True:
        ended = supervisor.poll() is not None
        if state := read_state(paths.state):
            for message in state.messages[told:]:
                say(message)
            told = len(state.messages)
            if state.status == Status.READY and state.endpoints:
                return state.endpoints
        if ended:
            raise _failure(paths, state)
        time.sleep(_POLL)


def running(name: str = "dev") -> Endpoints | None:
    """The addresses of a stack; None if it is not up, or not yet."""
    state = find(name)
    return state.endpoints if state and state.status == Status.READY else None


def find(name: str = "dev") -> State | None:
    """The state of a stack whose supervisor runs; None otherwise."""
    paths = stack_paths(name)
    return read_state(paths.state) if lock.is_held(paths.lock) else None


def restart(name: str = "dev", resource: str | None = None) -> list[str]:
    """Restarts one resource of a running stack; without `resource` each whose files have changed since they were laid
    out. Returns the names of what was restarted, once it is ready. Raises NotRunning, StartFailed and StackError."""
    state = find(name)
    if not state or not state.endpoints:
        raise NotRunning(f"the stack {name} is not up")
    url = f"{state.endpoints.console}restart"
    headers = {"Authorization": f"Bearer {state.endpoints.admin_key}", "Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps({"name": resource}).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=_RESTARTS_WITHIN) as response:
            return json.load(response)["restarted"]
    except urllib.error.HTTPError as error:
        answer = json.load(error)
        raise StartFailed(answer["error"], tuple(answer.get("log", ()))) from error
    except OSError as error:
        raise StackError(f"{url} did not answer: {error}") from error


def stop(name: str = "dev") -> None:
    """Stops a stack and returns when nothing of it is left. Raises NotRunning."""
    paths = stack_paths(name)
    state = find(name)
    if not state:
        if _sweep(paths):
            return
        raise NotRunning(f"the stack {name} is not up")
    family = descendants(state.pid)
    for supervisor in family[-1:]:
        supervisor.terminate()
    deadline = time.monotonic() + _STOPS_WITHIN
    while lock.is_held(paths.lock) and time.monotonic() < deadline:
        time.sleep(_POLL)
    kill_all(family)
    _sweep(paths)
    if child := _children.pop(name, None):
        child.wait()


def _launch(paths: StackPaths, clean: bool, instances: int) -> subprocess.Popen[bytes]:
    roots = os.pathsep.join(str(ROOT / folder) for folder in ("local-emulator", "functions", "runner"))
    options = ["--instances", str(instances), *([] if clean else ["--keep-logs"])]
    with (paths.base / "supervisor.out").open("wb") as output:  # what Python itself says, should it fail
        return subprocess.Popen(
            [sys.executable, "-m", "emulator.stack.supervise", paths.name, *options],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": roots},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _failure(paths: StackPaths, state: State | None) -> StackError:
    if state and state.error:
        return StartFailed(state.error, tuple(state.log))
    text = (paths.base / "supervisor.out").read_text(errors="replace").splitlines()
    return StartFailed(f"the supervisor of {paths.name} ended before the stack was ready", tuple(text[-25:]))


def _sweep(paths: StackPaths) -> bool:
    """Ends what a supervisor that was killed left behind (where the kernel did not); whether there was anything."""
    state = read_state(paths.state)
    left: list[psutil.Process] = []
    for resource in state.resources.values() if state else ():
        family = descendants(resource.pid) if resource.pid else []
        if family and family[-1].create_time() == resource.born:  # not a stranger with a reused id
            left += family
    kill_all(left)
    psutil.wait_procs(left, timeout=5)
    return bool(left)


def _say_nothing(_: str) -> None:
    """For callers that want no progress."""
