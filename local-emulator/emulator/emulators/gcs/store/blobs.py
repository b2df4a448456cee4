"""Bytes by key, and how they are written and read. A key is never reused, and its bytes never change."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import closing
from typing import Protocol

PIECE = 256 << 10


class Writer(Protocol):
    """Bytes on their way in: appended, then committed under `key` or discarded."""

    key: str
    size: int

    def write(self, data: bytes) -> None:
        """Appends."""
        ...

    def pause(self) -> None:
        """Nothing comes for a while: holds no file open."""
        ...

    def commit(self) -> None:
        """From now on `Blobs.open(key)` finds all of it, or after a crash none."""
        ...

    def discard(self) -> None:
        """Forgets it."""
        ...


class Reader(Protocol):
    """A blob held open: it stays readable even when it is deleted meanwhile."""

    def read(self, offset: int, size: int) -> bytes:
        """At most `size` bytes from `offset`."""
        ...

    def close(self) -> None:
        """Lets go of it."""
        ...


class Blobs(Protocol):
    """A store of blobs."""

    def create(self) -> Writer:
        """A new, empty blob."""
        ...

    def resume(self, key: str) -> Writer:
        """Goes on with a blob that was paused, even by an earlier process. Raises FileNotFoundError."""
        ...

    def open(self, key: str) -> Reader:
        """A committed blob, or one that is being written. Raises FileNotFoundError."""
        ...

    def share(self, key: str) -> str:
        """The key of a second blob with the same bytes, which are not copied."""
        ...

    def delete(self, key: str) -> None:
        """Deletes a committed blob."""
        ...

    def keep_only(self, committed: set[str], partial: set[str]) -> None:
        """Deletes everything that is not named: what a crash left behind."""
        ...


def new_key() -> str:
    """Unique, and safe as a file name."""
    return secrets.token_hex(12)


def pieces(reader: Reader, start: int, end: int) -> Iterator[bytes]:
    """Bytes `start` to `end` (exclusive), piece by piece; closes the reader in the end."""
    with closing(reader):
        while start < end:
            piece = reader.read(start, min(PIECE, end - start))
            if not piece:
                raise OSError(f"a blob ends at {start} bytes, {end} were expected")
            start += len(piece)
            yield piece
