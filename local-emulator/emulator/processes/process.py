"""A child process that is kept running: its log collected, a crash restarted, a stop that leaves nothing behind."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import IO

import psutil

from ..errors import StartFailed
from .activation import Listener
from .logfiles import MAX_LINE, LogFile, file_of, tail
from .memory import in_words
from .pids import descendants, kill_all
from .ready import Check
from .spawn import spawn

EMULATOR = "emulator"
"""The kind of a process that stands in for Google Cloud: it is stopped after the workloads, which need it."""
_POLL = 0.04  # s between readiness checks
_FIRST_DELAY, _LAST_DELAY = 0.2, 5.0  # s before a restart, doubled each time
_STABLE = 30.0  # s after which a process counts as well again
_TAIL = 25  # lines of log shown with a failure


class ProcessState(StrEnum):
    """The state of a process."""

    STARTING = "starting"
    IDLE = "idle"  # started with its first request
    RUNNING = "running"
    RESTARTING = "restarting"
    STOPPED = "stopped"
    FAILED = "failed"  # ended before it was first ready: not tried again


@dataclass(frozen=True, slots=True)
class ProcessSpec:
    """A process to run. `env` is the whole environment; one that `gives_way` lets others have the processor first.

    `memory`: bytes that it and all below it may hold, 0 for any number; who runs it must look (see memory.py).
    `on_demand`: it is started when the first client connects to its port, and must take a socket from systemd, as
    gunicorn does. `ended` is called with the exit code (negative for a signal) each time it has ended. `exits`: what
    codes of its own mean.
    """

    name: str
    kind: str
    command: tuple[str, ...]
    env: Mapping[str, str]
    cwd: Path
    port: int
    ready: Check
    gives_way: bool = False
    on_demand: bool = False
    ended: Callable[[int], None] | None = None
    memory: int = 0
    exits: Mapping[int, str] = field(default_factory=dict[int, str])


class Process:
    """Keeps one `ProcessSpec` running. `changed` is called, from a thread of its own, whenever `state` changes."""

    def __init__(self, spec: ProcessSpec, logs: Path, changed: Callable[[Process], None]) -> None:
        self.spec = spec
        self.state = ProcessState.STARTING
        self.restarts = 0
        self.pid: int | None = None
        self.exit_code: int | None = None
        self._why = ""  # it is ended now
        self._ended_for = ""
        self._log_path = file_of(logs, spec.name)
        self._log = LogFile(self._log_path)
        self._changed = changed
        self._settled = threading.Event()  # it was ready once, or it failed, or it was stopped
        self._stopping = threading.Event()
        self._listener = _listener(spec)
        # This thread starts the child and outlives it: Linux sends the parent-death signal when the *thread* ends.
        self._keeper = threading.Thread(target=self._keep, name=f"keep {spec.name}", daemon=True)
        self._keeper.start()

    @property
    def last_exit(self) -> str:
        """Its last end, in words; empty if it never ended."""
        if self._ended_for:
            return self._ended_for
        if self.exit_code is None:
            return ""
        return self.spec.exits.get(self.exit_code) or f"last ended with {_exit(self.exit_code)}"

    def wait_ready(self, seconds: float) -> None:
        """Returns when it first answered, or waits for who asks. Raises StartFailed with the end of its log."""
        answered = self._settled.wait(seconds)
        if self.state in (ProcessState.IDLE, ProcessState.RUNNING) or (answered and self.restarts):
            return
        if not answered:
            raise StartFailed(f"{self.spec.name} did not answer within {seconds:g} s", self._tail())
        raise StartFailed(f"{self.spec.name} ended with {_exit(self.exit_code)} before it was ready", self._tail())

    @property
    def memory(self) -> int:
        """Its limit, in bytes; 0 for none."""
        return self.spec.memory

    def exceeded(self, used: int) -> None:
        """Ends it, since it holds `used` bytes, more than it may. It is started again, as after a crash."""
        limit = in_words(self.spec.memory)
        self._why = f"exceeded {limit} of memory with {in_words(used)}: declare more, or fewer requests at once"
        self._log.write(f"--- {self._why} ---")
        if self.pid:
            kill_all(descendants(self.pid))

    def stop(self, grace: float) -> None:
        """SIGTERM, at most `grace` seconds, then SIGKILL for the whole tree."""
        self._stopping.set()
        if self._listener:
            self._listener.cancel()
        pid = self.pid
        family = descendants(pid) if pid else []
        for process in family[-1:]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.terminate()
        self._keeper.join(grace)
        if self._keeper.is_alive() and pid:
            family += descendants(pid)
        kill_all(family)
        self._keeper.join()
        if self._listener:
            self._listener.close()
        self._log.close()

    def _keep(self) -> None:
        delay = _FIRST_DELAY
        if self._listener:
            self._become(ProcessState.IDLE)
            self._listener.wait()
        while not self._stopping.is_set():
            began = time.monotonic()
            self.exit_code = self._run_once()
            self._ended_for, self._why = self._why, ""
            self.pid = None
            if self.spec.ended:
                self.spec.ended(self.exit_code)
            if self._stopping.is_set():
                break
            if not self._settled.is_set():
                self._become(ProcessState.FAILED)
                return
            delay = _FIRST_DELAY if time.monotonic() - began > _STABLE else min(delay * 2, _LAST_DELAY)
            self.restarts += 1
            self._log.write(f"--- ended with {_exit(self.exit_code)}; restart {self.restarts} in {delay:g} s ---")
            self._become(ProcessState.RESTARTING)
            self._stopping.wait(delay)
        self._become(ProcessState.STOPPED)

    def _run_once(self) -> int:
        listener = self._listener
        command = listener.handing_over(self.spec.command) if listener else self.spec.command
        spec, descriptors = self.spec, listener.descriptors if listener else ()
        child = spawn(command, spec.env, spec.cwd, gives_way=spec.gives_way, pass_fds=descriptors)
        self.pid = child.pid
        if self._stopping.is_set():  # told to stop while it was being started
            child.terminate()
        assert child.stdout is not None
        reader = threading.Thread(target=self._collect, args=(child.stdout,), daemon=True)
        reader.start()
        while child.poll() is None and not self._stopping.is_set():
            if self.spec.ready():
                self._become(ProcessState.RUNNING)
                break
            time.sleep(_POLL)
        code = child.wait()
        with contextlib.suppress(ProcessLookupError):  # its own children: a worker that outlived its master
            os.killpg(child.pid, signal.SIGKILL)
        reader.join()
        return code

    def _collect(self, output: IO[bytes]) -> None:
        with output:
            for line in iter(lambda: output.readline(MAX_LINE), b""):
                self._log.write(line.decode(errors="replace"))

    def _become(self, state: ProcessState) -> None:
        self.state = state
        self._changed(self)
        if state != ProcessState.RESTARTING:
            self._settled.set()

    def _tail(self) -> tuple[str, ...]:
        return tuple(tail(self._log_path, _TAIL))


def _listener(spec: ProcessSpec) -> Listener | None:
    try:
        return Listener(spec.port) if spec.on_demand else None
    except OSError as error:
        raise StartFailed(f"{spec.name} cannot listen on port {spec.port}: {error}") from error


def _exit(code: int | None) -> str:
    return f"signal {signal.Signals(-code).name}" if code is not None and code < 0 else f"exit code {code}"
