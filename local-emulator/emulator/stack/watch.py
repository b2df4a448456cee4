"""The developer's loop: restarts what a changed file belongs to, and serves the page with hot reload.

The page comes from Vite's development server; its configuration, the API and the media come through that server from
the running stack.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

import watchfiles

from ..declaration.endpoints import Endpoints
from ..errors import StackError, StartFailed
from ..paths import ROOT
from ..processes.ports import Ports
from ..processes.ready import http_answers
from . import control
from .running_stack import using

_WORKLOADS, _DECLARATION = ("functions", "runner"), "infra"
_QUIET_MS = 200  # an editor or git writes several files at once
_PAGE_WITHIN = 30.0  # s
_POLL = 0.1  # s


def watch(name: str, say: Callable[[str], None]) -> None:
    """Watches until Ctrl-C or SIGTERM. `say` is told what was restarted, and why something was not.

    The stack `name` is joined where it runs, else brought up and stopped at the end. Raises StackError.
    """
    with using(name, say, lambda: say("stopping everything")) as endpoints, _page(name, endpoints, say) as page:
        say(f"page      {page}\nconsole   {endpoints.console}")
        say(f"watching  {', '.join((*_WORKLOADS, _DECLARATION))} and web; Ctrl-C ends it")
        folders = [ROOT / folder for folder in (*_WORKLOADS, _DECLARATION)]
        for changes in watchfiles.watch(*folders, step=_QUIET_MS):
            apply(name, (Path(path) for _, path in changes), say)


def apply(name: str, changed: Iterable[Path], say: Callable[[str], None]) -> None:
    """Restarts what `changed` belongs to, and says so."""
    paths = sorted(path.relative_to(ROOT).as_posix() for path in changed)
    if any(path.startswith(f"{_DECLARATION}/") for path in paths):
        say(f"{', '.join(paths)}: start the stack again to bring up what {_DECLARATION}/ declares now")
    try:
        restarted = control.restart(name)
    except StackError as error:
        say("\n  ".join((f"{', '.join(paths)}: {error}", *(error.tail if isinstance(error, StartFailed) else ()))))
        return
    if restarted:
        say(f"{', '.join(paths)}: restarted {', '.join(restarted)}")


@contextmanager
def _page(name: str, endpoints: Endpoints, say: Callable[[str], None]) -> Generator[str]:
    """Vite's development server, from which the page is served while it is edited; its address."""
    port = Ports(name, say).port_for("page")
    command = ("node_modules/.bin/vite", "--host", "127.0.0.1", "--port", str(port), "--strictPort")
    env = {**os.environ, "STACK_URL": endpoints.web.rstrip("/")}
    try:
        server = subprocess.Popen(command, cwd=ROOT / "web", env=env, stdin=subprocess.DEVNULL)
    except OSError as error:
        raise StackError(f"the page's development server does not start: {error}; try npm --prefix web ci") from error
    try:
        ready, until = http_answers(port, "/", below=400), time.monotonic() + _PAGE_WITHIN
        while not ready():
            if server.poll() is not None or time.monotonic() > until:
                raise StackError(f"the page's development server does not answer on port {port}")
            time.sleep(_POLL)
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait()
