"""Bytes that can be read again from the start, until they need not be."""

from __future__ import annotations

from typing import Protocol


class Readable(Protocol):
    """Where bytes come from."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes, at least one unless the input has ended."""
        ...


class Seekable(Readable, Protocol):
    """A file: all of it is there already."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Moves to `offset` from the start, from here or from the end, as `io` has it; returns where that is."""
        ...

    def tell(self) -> int:
        """Where the next byte comes from."""
        ...


class Source(Readable, Protocol):
    """Bytes of a sender who may go without a word."""

    @property
    def broken(self) -> bool:
        """Whether the bytes ran out without the sender's having ended them: it may come back and go on."""
        ...


class Rewindable:
    """Keeps what was read until `forget`, so that a probe that saw too little can be repeated on a live input."""

    def __init__(self, source: Readable) -> None:
        self._source = source
        self._kept = bytearray()
        self._at = 0
        self._keeps = True

    def read(self, size: int, /) -> bytes:
        """See Readable."""
        if self._at < len(self._kept):
            data = bytes(self._kept[self._at : self._at + size])
            self._at += len(data)
            return data
        if not self._keeps:
            self._kept.clear()
            self._at = 0
            return self._source.read(size)
        data = self._source.read(size)
        self._kept += data
        self._at += len(data)
        return data

    def head(self, size: int) -> bytes:
        """The first bytes, without consuming them; fewer where the input is shorter."""
        while len(self._kept) < size and (data := self._source.read(size - len(self._kept))):
            self._kept += data
        return bytes(self._kept[:size])

    def rewind(self) -> None:
        """Back to the first byte."""
        self._at = 0

    def forget(self) -> None:
        """No more rewinding: what has been read is let go of."""
        self._keeps = False
