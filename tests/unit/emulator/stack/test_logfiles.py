"""Logs carry the time, stay small, and can be read while they are written."""

from __future__ import annotations

import re
import threading
from pathlib import Path

from emulator.processes.logfiles import LogFile, file_of, follow, tail


def test_each_line_has_its_time(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "a.log")
    log.write("hello\n")
    log.close()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z hello\n", (tmp_path / "a.log").read_text())


def test_a_log_never_grows_beyond_twice_its_bound(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "a.log", max_bytes=1000)
    for number in range(500):
        log.write(f"line {number}")
    log.close()
    sizes = [path.stat().st_size for path in tmp_path.iterdir()]
    assert len(sizes) == 2
    assert sum(sizes) <= 2000
    assert tail(tmp_path / "a.log", 1)[0].endswith("line 499")


def test_the_tail_reaches_over_a_rotation(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "a.log", max_bytes=200)
    for number in range(9):
        log.write(f"line {number}")
    log.close()
    assert [line[-1] for line in tail(tmp_path / "a.log", 6)] == ["3", "4", "5", "6", "7", "8"]


def test_the_tail_of_nothing_is_empty(tmp_path: Path) -> None:
    assert tail(tmp_path / "none.log", 5) == []


def test_a_long_line_is_cut(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "a.log")
    log.write("x" * 1_000_000)
    log.close()
    assert (tmp_path / "a.log").stat().st_size < 20_000


def test_following_gives_whole_lines_of_all_resources_over_a_rotation(tmp_path: Path) -> None:
    logs = {name: LogFile(file_of(tmp_path, name), max_bytes=300) for name in ("a", "b")}
    logs["a"].write("before")
    running = threading.Event()
    running.set()
    lines = follow(tmp_path, ["a", "b"], running)
    first = threading.Thread(target=lambda: [logs["b"].write("one"), logs["a"].write("two")])
    followed: list[tuple[str, str]] = []
    first.start()
    for name, line in lines:
        followed.append((name, line.partition(" ")[2]))
        if len(followed) == 2:
            for _ in range(6):
                logs["a"].write("x" * 60)
            logs["a"].write("last")
        if followed[-1] == ("a", "last"):
            running.clear()
    first.join()
    for log in logs.values():
        log.close()
    assert ("a", "two") in followed
    assert ("b", "one") in followed
    assert ("a", "before") not in followed


def test_a_resource_with_slashes_has_a_file(tmp_path: Path) -> None:
    assert file_of(tmp_path, "function/a b") == tmp_path / "function-a-b.log"
