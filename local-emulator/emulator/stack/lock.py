"""One supervisor per stack: a lock that the kernel releases when its holder dies, however it dies."""

from __future__ import annotations

import fcntl
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from ..errors import AlreadyRunning


@contextmanager
def held(path: Path) -> Generator[None]:
    """Holds the lock. Raises AlreadyRunning if another process holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(f"the stack {path.parent.name} is up already") from None
        yield


def is_held(path: Path) -> bool:
    """Whether a process holds the lock."""
    try:
        with path.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
