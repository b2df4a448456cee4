"""Blobs in files: written under `partial/`, renamed into `blobs/` when complete.

Files are not flushed to the platter: a crash of this process loses nothing, a power cut may lose the last writes.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import BinaryIO

from .blobs import new_key


class DiskWriter:
    """Appends to a file under `partial/`."""

    def __init__(self, blobs: DiskBlobs, key: str, size: int = 0) -> None:
        self.key = key
        self.size = size
        self._blobs = blobs
        self._file: BinaryIO | None = None

    def write(self, data: bytes) -> None:
        """Appends. Raises OSError, for one on a full disk."""
        if self._file is None:
            # Unbuffered: pieces are large, and what was acknowledged must be in the file when this process dies.
            self._file = (self._blobs.partial / self.key).open("ab", buffering=0)
        left = memoryview(data)
        while left:
            left = left[self._file.write(left) :]
        self.size += len(data)

    def pause(self) -> None:
        """Closes the file; the next write opens it again."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def commit(self) -> None:
        """Renames the file to where readers look."""
        self.pause()
        (self._blobs.partial / self.key).touch()
        (self._blobs.partial / self.key).rename(self._blobs.committed / self.key)

    def discard(self) -> None:
        """Removes the file."""
        self.pause()
        (self._blobs.partial / self.key).unlink(missing_ok=True)


class DiskReader:
    """An open file: it can be read after it is unlinked."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)

    def read(self, offset: int, size: int) -> bytes:
        """At most `size` bytes from `offset`."""
        return os.pread(self._file.fileno(), size, offset)

    def close(self) -> None:
        """Closes the file."""
        self._file.close()


class DiskBlobs:
    """One file per blob, under `root`, which no other process may use meanwhile. Raises BlockingIOError."""

    def __init__(self, root: Path) -> None:
        self._lock = (root / "lock").open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self.committed = root / "blobs"
        self.partial = root / "partial"
        self.committed.mkdir(parents=True, exist_ok=True)
        self.partial.mkdir(exist_ok=True)

    def create(self) -> DiskWriter:
        """A new, empty blob."""
        return DiskWriter(self, new_key())

    def resume(self, key: str) -> DiskWriter:
        """Raises FileNotFoundError where nothing of it was written."""
        return DiskWriter(self, key, (self.partial / key).stat().st_size)

    def open(self, key: str) -> DiskReader:
        """Raises FileNotFoundError."""
        path = self.committed / key
        return DiskReader(path if path.exists() else self.partial / key)

    def share(self, key: str) -> str:
        """A hard link."""
        copy = new_key()
        (self.committed / copy).hardlink_to(self.committed / key)
        return copy

    def delete(self, key: str) -> None:
        """Unlinks the file."""
        (self.committed / key).unlink(missing_ok=True)

    def keep_only(self, committed: set[str], partial: set[str]) -> None:
        """Unlinks every other file."""
        for folder, keep in ((self.committed, committed), (self.partial, partial)):
            for entry in folder.iterdir():
                if entry.name not in keep:
                    entry.unlink()
