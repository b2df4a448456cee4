"""A stack for as long as a command needs it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType

from ..declaration.cloud import spared, wanted
from ..declaration.endpoints import Endpoints
from ..errors import StackError
from . import control


@contextmanager
def using(name: str, progress: Callable[[str], None], stopping: Callable[[], None]) -> Generator[Endpoints]:
    """The stack `name`, with this process's environment set for its clients.

    If it is not up it is started, and stopped at the end whatever happens: SIGTERM ends the block as Ctrl-C does, and
    while stopping neither is heard. `stopping` is called before that. Raises StackError where it cannot be started.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)  # SIGINT too: shells start background jobs with it ignored
    endpoints = control.running(name)
    if endpoints is not None:
        _as_wanted(name, endpoints)
    ours = endpoints is None
    try:
        endpoints = endpoints or control.start(name, progress=progress)
        os.environ.update(endpoints.env())
        yield endpoints
    finally:
        if ours and control.find(name):
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
            stopping()
            control.stop(name)


def _as_wanted(name: str, endpoints: Endpoints) -> None:
    """A stack that runs is not asked twice who answers. Raises StackError where it is not who is wanted now."""
    for service, value in (*((one, "cloud") for one in wanted()), *((one, "local") for one in spared())):
        if getattr(endpoints, service):
            raise StackError(
                f"{service.upper()}={value}, but the stack {name} is up already with the emulator: "
                f"`python local-emulator down --stack {name}`, then try again"
            )


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
