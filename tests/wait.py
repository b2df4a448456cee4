"""Waiting for what nothing announces."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(
    condition: Callable[[], T | None],
    seconds: float,
    what: str | Callable[[], str] = "it",
    pause: Callable[[float], object] = time.sleep,
) -> T:
    """The first truthy answer of `condition`. Fails after `seconds`: a bound on a hang, no measure of speed.

    `what` is what is waited for; a callable is asked when it did not happen, and can say what there is instead.
    """
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        if time.monotonic() >= deadline:
            raise AssertionError(f"{what if isinstance(what, str) else what()} did not happen within {seconds:.0f} s")
        pause(0.05)
    return answer
