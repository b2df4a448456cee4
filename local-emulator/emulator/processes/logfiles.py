"""One log file per resource: each line with its time, bounded in size, readable while it is written."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

MAX_BYTES = 4 << 20  # then it becomes `<name>.log.1`, and the one before that is forgotten
MAX_LINE = 16 << 10
_POLL = 0.2  # s, when following


def file_of(folder: Path, resource: str) -> Path:
    """The log of `resource`; a resource's name may hold slashes, a file's may not."""
    return folder / f"{re.sub(r'[^A-Za-z0-9._-]', '-', resource)}.log"


class LogFile:
    """The writing end of one log."""

    def __init__(self, path: Path, max_bytes: int = MAX_BYTES) -> None:
        self._path = path
        self._max = max_bytes
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab")

    def write(self, line: str) -> None:
        """One line, with the time before it."""
        stamp = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3]
        data = f"{stamp}Z {line.rstrip()[:MAX_LINE]}\n".encode()
        with self._lock:
            if self._file.tell() + len(data) > self._max:
                self._rotate()
            self._file.write(data)
            self._file.flush()

    def close(self) -> None:
        """Writes no more."""
        with self._lock:
            self._file.close()

    def _rotate(self) -> None:
        self._file.close()
        self._path.replace(self._path.with_name(f"{self._path.name}.1"))
        self._file = self._path.open("ab")


def tail(path: Path, lines: int) -> list[str]:
    """The last `lines` lines; fewer where there are fewer."""
    found: list[str] = []
    for part in (path, path.with_name(f"{path.name}.1")):
        if len(found) < lines and part.exists():
            found = _last(part, lines - len(found)) + found
    return found


def _last(path: Path, lines: int) -> list[str]:
    with path.open("rb") as file:
        size = file.seek(0, 2)
        start = max(0, size - lines * 2048)
        file.seek(start)
        text = file.read().decode(errors="replace").splitlines()
    return text[1:][-lines:] if start else text[-lines:]


def follow(folder: Path, resources: list[str], running: threading.Event) -> Iterator[tuple[str, str]]:
    """(resource, line) of each line written from now on, until `running` is cleared. Takes rotation in its stride."""
    return _follow(folder, {name: _size(file_of(folder, name)) for name in resources}, running)


def _follow(folder: Path, at: dict[str, int], running: threading.Event) -> Iterator[tuple[str, str]]:
    rest = dict.fromkeys(at, b"")
    while running.is_set():
        for name in at:
            path = file_of(folder, name)
            size = _size(path)
            if size < at[name]:
                at[name], rest[name] = 0, b""
            if size > at[name]:
                with path.open("rb") as file:
                    file.seek(at[name])
                    *whole, rest[name] = (rest[name] + file.read(size - at[name])).split(b"\n")
                at[name] = size
                yield from ((name, line.decode(errors="replace")) for line in whole)
        time.sleep(_POLL)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
