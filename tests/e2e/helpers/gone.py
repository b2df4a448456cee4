"""The processes of a stack, and that nothing is left of them."""

from __future__ import annotations

import psutil

from emulator.processes.ports import is_free
from emulator.stack.state import State


def processes(state: State) -> list[psutil.Process]:
    """The supervisor and all below it."""
    supervisor = psutil.Process(state.pid)
    return [supervisor, *supervisor.children(recursive=True)]


def assert_gone(left: list[psutil.Process], ports: list[int]) -> None:
    """Each process has ended, and another one may have its port."""
    _, alive = psutil.wait_procs(left, timeout=60)
    assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []
    assert [port for port in ports if not is_free(port)] == []
