"""The process of a supervisor: from its start to a signal.

`python -m emulator.stack.supervise NAME`; `emulator.stack.control` starts it in a session of its own, so that it
outlives the shell.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable

from ..declaration.endpoints import Endpoints
from ..errors import StackError
from ..paths import StackPaths, stack_paths
from ..processes.proxies import around_here
from . import lock
from .state import State
from .supervisor import Supervisor


def supervise(
    name: str,
    *,
    clean: bool = True,
    instances: int = 1,
    progress: Callable[[str], None],
    ready: Callable[[Endpoints], None] | None = None,
) -> State:
    """Runs the stack until SIGTERM or SIGINT, or until it fails to come up; returns its last state.

    Only in a process's main thread. `clean` forgets the logs of earlier runs; objects and documents never outlive a
    stack. `instances`: so many of each service and function that may have them. `ready` is called once, when it is up.
    Raises AlreadyRunning.
    """
    paths = stack_paths(name)
    os.environ.update(around_here())  # of this process's own clients: each process that it starts gets its own
    with lock.held(paths.lock):
        _forget(paths, logs=clean)
        supervisor = Supervisor(paths, progress, instances)
        handlers = {sign: signal.signal(sign, _raise_stop) for sign in (signal.SIGTERM, signal.SIGINT)}
        try:
            endpoints = supervisor.bring_up()
            if ready:
                ready(endpoints)
            threading.Event().wait()
        except StackError as error:
            supervisor.fail(error)
        except _Stop:
            pass
        finally:
            for sign in handlers:  # a second Ctrl-C must not leave half of it running; each stop is bounded
                signal.signal(sign, signal.SIG_IGN)
            supervisor.take_down()
            for sign, handler in handlers.items():
                signal.signal(sign, handler)
        return supervisor.state


class _Stop(BaseException):
    """SIGTERM or SIGINT has arrived; raised wherever the main thread is."""


def _raise_stop(*_: object) -> None:
    raise _Stop


def _forget(paths: StackPaths, *, logs: bool) -> None:
    shutil.rmtree(paths.gcs, ignore_errors=True)
    if logs:
        shutil.rmtree(paths.logs, ignore_errors=True)


def main() -> int:
    """The detached process. Its progress is in the state file, where `control.start` reads it."""
    parser = argparse.ArgumentParser(prog="emulator.stack.supervise", description=__doc__)
    parser.add_argument("name")
    parser.add_argument("--keep-logs", action="store_true")
    parser.add_argument("--instances", type=int, default=1)
    options = parser.parse_args()
    state = supervise(options.name, clean=not options.keep_logs, instances=options.instances, progress=lambda _: None)
    return 1 if state.error else 0


if __name__ == "__main__":
    sys.exit(main())
