"""Servers as processes of their own, for as long as a block lasts."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[3]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, f"{process.args!r} ended with {process.returncode}"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"{process.args!r} does not listen on {port}")


@contextmanager
def serving(command: Sequence[str], port: int, log: Path, **variables: str) -> Iterator[None]:
    """Runs a server until the block ends; it listens when the block begins."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT / "local-emulator", env={**os.environ, **variables}, stdout=output, stderr=output
        )
    try:
        wait_for(port, process)
        yield
    finally:
        process.terminate()
        process.wait(60)
