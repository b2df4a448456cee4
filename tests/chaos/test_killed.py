"""A function that dies in the middle of its work loses nothing: what it had not acknowledged is delivered again."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import psutil
import pytest

from emulator.sample.demo.session import Run, run
from emulator.stack import control as stacks

pytestmark = pytest.mark.stack


@pytest.mark.parametrize("function", ["detect", "sample"])
def test_killing_a_function_while_it_works_loses_nothing(stack: Any, clip: Path, function: str) -> None:
    name = f"test-{os.getpid()}"
    killed: list[int] = []

    def kill_once(state: Run) -> None:
        """As soon as the first frame is there, so that more are on their way."""
        if killed or not state.ledger.frames:
            return
        found = stacks.find(name)
        assert found is not None
        pid = found.resources[f"function/{function}"].pid
        assert pid is not None
        for process in [*psutil.Process(pid).children(recursive=True), psutil.Process(pid)]:
            process.send_signal(signal.SIGKILL)
        killed.append(pid)

    done = run(stack, clip, 12, f"killed-{function}", kill_once)

    assert killed
    assert (done.errors, done.ledger.missing(), done.ledger.errors()) == ([], [], [])
    after = stacks.find(name)
    assert after is not None
    assert after.resources[f"function/{function}"].restarts >= 1
    assert after.resources[f"function/{function}"].pid not in killed
