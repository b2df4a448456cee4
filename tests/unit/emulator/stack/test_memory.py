"""What holds more memory than is declared is ended, and says so."""

from __future__ import annotations

import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.servers import free_port
from tests.unit.emulator.stack.children import SERVE, Changes
from tests.wait import until

from emulator.declaration.environment import minimal
from emulator.processes.memory import MemoryWatch, in_words, parse, used_by
from emulator.processes.process import Process, ProcessSpec, ProcessState
from emulator.processes.ready import http_answers

MIB = 1 << 20
EATS = """
    import pathlib, threading, time
    def eat():
        while not pathlib.Path("eat").exists():
            time.sleep(0.01)
        held = bytes(bytearray(b"x" * (300 << 20)))
        time.sleep(600)
    if not pathlib.Path("eat").exists():
        threading.Thread(target=eat, daemon=True).start()
"""


@pytest.fixture
def hungry(tmp_path: Path) -> Iterator[tuple[Process, Changes]]:
    """A server that takes 300 MiB once the file `eat` is there, of which it may hold 200."""
    port, changes = free_port(), Changes()
    code = textwrap.dedent(EATS) + textwrap.dedent(SERVE)
    spec = ProcessSpec(
        name="child",
        kind="function",
        command=(sys.executable, "-c", code),
        env={**minimal(), "PORT": str(port)},
        cwd=tmp_path,
        port=port,
        ready=http_answers(port, "/"),
        memory=200 * MIB,
    )
    process = Process(spec, tmp_path / "logs", changes)
    watch = MemoryWatch(lambda: [process], every=0.02)
    process.wait_ready(20)
    yield process, changes
    watch.stop()
    process.stop(1)


def test_one_that_takes_too_much_is_ended_and_started_again(hungry: tuple[Process, Changes], tmp_path: Path) -> None:
    process, changes = hungry
    (tmp_path / "eat").touch()
    changes.wait_for(ProcessState.RUNNING, ProcessState.RESTARTING, ProcessState.RUNNING)
    assert process.last_exit.startswith("exceeded 200 MiB of memory with ")
    assert process.last_exit.endswith("declare more, or fewer requests at once")
    assert "exceeded 200 MiB of memory" in (tmp_path / "logs" / "child.log").read_text()


def test_one_that_keeps_within_its_limit_is_left_alone(hungry: tuple[Process, Changes]) -> None:
    process, changes = hungry
    seen = threading.Semaphore(0)

    class Looked:
        pid, memory = process.pid, 0

        def exceeded(self, used: int) -> None: ...

    def look() -> list[Looked]:
        seen.release()
        return [Looked()]

    other = MemoryWatch(look, every=0.02)
    for _ in range(5):
        assert seen.acquire(timeout=10)
    other.stop()
    assert changes.seen == [ProcessState.RUNNING]


def test_what_children_hold_counts_and_shared_pages_count_once(tmp_path: Path) -> None:
    code = """
        import os, sys, time
        held = bytes(bytearray(b"x" * (200 << 20)))
        for _ in range(3):
            if not os.fork():
                break
        open(f"ready-{os.getpid()}", "w").close()
        time.sleep(600)
    """
    import psutil

    parent = psutil.Popen([sys.executable, "-c", textwrap.dedent(code)], cwd=tmp_path)
    try:
        until(lambda: len(list(tmp_path.glob("ready-*"))) == 4, 20, "three children")
        assert 200 * MIB < used_by(parent.pid) < 400 * MIB
    finally:
        for process in [*parent.children(recursive=True), parent]:
            process.kill()
        parent.wait()


@pytest.mark.parametrize(("quantity", "size"), [("512Mi", 512 * MIB), ("1Gi", 1 << 30), ("2G", 2 * 10**9), ("7", 7)])
def test_amounts_are_read_as_cloud_run_writes_them(quantity: str, size: int) -> None:
    assert parse(quantity) == size


@pytest.mark.parametrize("quantity", ["", "1 Gi", "much", "1Xi"])
def test_what_is_no_amount_is_an_error(quantity: str) -> None:
    with pytest.raises(ValueError, match=r"invalid amount of memory .*: expected 512Mi"):
        parse(quantity)


def test_amounts_are_said_in_words() -> None:
    assert (in_words(1 << 30), in_words(3 << 29), in_words(512 * MIB)) == ("1 GiB", "1.5 GiB", "512 MiB")
