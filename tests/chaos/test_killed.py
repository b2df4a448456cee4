"""A function that dies in the middle of its work loses nothing: what it had not acknowledged is delivered again."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import psutil
import pytest
from tests.e2e.helpers.plain import seen_enough

from emulator.sample.demo.session import Run, run
from emulator.stack import control as stacks

pytestmark = pytest.mark.stack


FUNCTIONS = ("detect", "sample")


@pytest.fixture(scope="module")
def killed(stack: Any, clip: Path) -> tuple[Run, dict[str, int]]:
    """A stream on whose way both functions are killed, and which process of each that was."""
    name, pids = f"test-{os.getpid()}", dict[str, int]()

    def kill_each_once(state: Run) -> None:
        """As soon as the first frame is there, or another one, so that more are on their way."""
        if len(state.ledger.frames) <= len(pids) or len(pids) == len(FUNCTIONS):
            return
        function = FUNCTIONS[len(pids)]
        found = stacks.find(name)
        assert found is not None
        pid = found.resources[f"function/{function}"].pid
        assert pid is not None
        for process in [*psutil.Process(pid).children(recursive=True), psutil.Process(pid)]:
            process.send_signal(signal.SIGKILL)
        pids[function] = pid

    done = run(stack, clip, 12, "killed-twice", kill_each_once)
    seen_enough(stack, "killed-twice")
    return done, pids


@pytest.mark.parametrize("function", FUNCTIONS)
def test_killing_a_function_while_it_works_loses_nothing(killed: tuple[Run, dict[str, int]], function: str) -> None:
    done, pids = killed

    assert function in pids
    assert (done.errors, done.ledger.missing(), done.ledger.errors()) == ([], [], [])
    after = stacks.find(f"test-{os.getpid()}")
    assert after is not None
    assert after.resources[f"function/{function}"].restarts >= 1
    assert after.resources[f"function/{function}"].pid != pids[function]
