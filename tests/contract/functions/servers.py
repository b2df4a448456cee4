"""Servers as processes of their own, for as long as a block lasts."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.servers import await_listening

ROOT = Path(__file__).parents[3]


@contextmanager
def serving(command: Sequence[str], port: int, log: Path, **variables: str) -> Iterator[None]:
    """Runs a server until the block ends; it listens when the block begins."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT / "local-emulator", env={**os.environ, **variables}, stdout=output, stderr=output
        )
    try:
        await_listening(process, port, log)
        yield
    finally:
        process.terminate()
        process.wait(60)
