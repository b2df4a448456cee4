"""One attempt of one task: the container's command as a process, its output in the job's log."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from ...processes.logfiles import MAX_LINE, LogFile
from ...processes.memory import in_words, used_by
from ...processes.spawn import spawn

GRACE = 10.0  # s between SIGTERM and SIGKILL, as Cloud Run's
_POLL = 0.05  # s
_LOOK = 1.0  # s between two looks at its memory


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt of a task. `timeout` in seconds, `memory` in bytes (0: no limit)."""

    command: Sequence[str]
    env: Mapping[str, str]
    cwd: str
    timeout: float
    memory: int = 0


def run(attempt: Attempt, cancelled: threading.Event, log: LogFile) -> str | None:
    """Runs it to its end; None where that is success, else how it failed. Setting `cancelled` ends it early."""
    try:
        child = spawn(attempt.command, attempt.env, attempt.cwd, gives_way=True)
    except OSError as error:
        return f"The container failed to start: {error}."
    assert child.stdout is not None
    reader = threading.Thread(target=_collect, args=(child.stdout, log), daemon=True)
    reader.start()
    ended = _wait(child, attempt, cancelled)
    _kill(child)  # its own children, where it left some
    reader.join()
    if child.returncode == 0:
        return None
    return ended or f"The container exited with code {child.returncode}."


def _wait(child: subprocess.Popen[bytes], attempt: Attempt, cancelled: threading.Event) -> str:
    """Waits for its end, asks for it where time is up, and insists after GRACE. Returns which limit it exceeded."""
    began, asked = time.monotonic(), None
    exceeded, looked = "", began
    while child.poll() is None:
        now = time.monotonic()
        if asked is None and (cancelled.is_set() or now - began > attempt.timeout):
            exceeded = "" if cancelled.is_set() else "The container exceeded its timeout."
            asked = now
            child.terminate()
        elif asked is not None and now - asked > GRACE:
            _kill(child)
        elif attempt.memory and now - looked > _LOOK:
            looked = now
            if (used := used_by(child.pid, attempt.memory)) > attempt.memory:
                exceeded = f"The container exceeded {in_words(attempt.memory)} of memory with {in_words(used)}."
                _kill(child)
        time.sleep(_POLL)
    return exceeded


def _kill(child: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def _collect(output: IO[bytes], log: LogFile) -> None:
    with output:
        for line in iter(lambda: output.readline(MAX_LINE), b""):
            log.write(line.decode(errors="replace"))
