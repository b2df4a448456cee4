"""How long the whole stack takes to come up and to go, by the clock of the process that waits for it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from emulator.paths import stack_paths
from emulator.stack import control as stack
from tests.bench.helpers.sized import sized

NAME = "bench"
_RUNS = sized(3, 1)
_LIMIT = 5.0  # s, of the requirement


def rows() -> Iterator[dict[str, Any]]:
    """Seconds, medians: a stack that was never up here, one that was, and going down."""
    first, again, down = list[float](), list[float](), list[float]()
    try:
        for _ in range(_RUNS):
            shutil.rmtree(stack_paths(NAME).base, ignore_errors=True)
            for seconds in (first, again):
                seconds.append(_timed(lambda: stack.start(NAME)))
                down.append(_timed(lambda: stack.stop(NAME)))
    finally:
        if stack.find(NAME):
            stack.stop(NAME)
        shutil.rmtree(stack_paths(NAME).base, ignore_errors=True)
    yield _row("stack: up until ready, its first time", first)
    yield _row("stack: up until ready, again", again)
    yield _row("stack: down until nothing is left", down)


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _row(bench: str, seconds: list[float]) -> dict[str, Any]:
    return {"bench": bench, "ours": round(median(seconds), 2), "other": _LIMIT, "other_name": "limit", "unit": "s"}
