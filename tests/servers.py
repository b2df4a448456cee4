"""Servers as child processes: a port for one, and waiting until it is ready."""

from __future__ import annotations

import itertools
import os
import socket
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.wait import until

FIRST, COUNT = 10_000, 10_000  # below those of local stacks, and below those that Linux gives to clients
_ports = itertools.count(os.getpid() * 61)


def free_port() -> int:
    """A port on which nothing listens now. Processes of tests begin their search at different ones."""
    for number in itertools.islice(_ports, COUNT):
        port = FIRST + number % COUNT
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError(f"no free port from {FIRST} to {FIRST + COUNT - 1}")


def listens(port: int) -> bool:
    """Whether a process accepts connections there, which some do before they answer."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def await_listening(process: subprocess.Popen[bytes], port: int, log: Path | None = None, seconds: float = 60) -> None:
    """Returns once the child listens; fails as `await_ready` does."""
    await_ready(process, lambda: listens(port), log, seconds)


def await_ready(
    process: subprocess.Popen[bytes], ready: Callable[[], bool], log: Path | None = None, seconds: float = 60
) -> None:
    """Returns once `ready` says so. Kills the child and fails with its log if it ends before or takes too long."""

    def said() -> str:
        return f"\n{log.read_text(errors='replace')}" if log else ""

    def alive_and_ready() -> bool:
        assert process.poll() is None, f"{process.args!r} ended with {process.returncode}{said()}"
        return ready()

    try:
        until(alive_and_ready, seconds, lambda: f"{said()}\nthe start of {process.args!r}")
    except BaseException:
        process.kill()
        raise
