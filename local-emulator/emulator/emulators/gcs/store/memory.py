"""Blobs in memory: one buffer per object and nothing besides."""

from __future__ import annotations

from .blobs import new_key


class MemoryWriter:
    """Grows a buffer, which becomes the object without being copied."""

    def __init__(self, blobs: MemoryBlobs, key: str) -> None:
        self.key = key
        self.size = 0
        self._blobs = blobs
        self._buffer = blobs.partial[key]

    def write(self, data: bytes) -> None:
        """Appends."""
        self._buffer += data
        self.size += len(data)

    def pause(self) -> None:
        """There is nothing to let go of."""

    def commit(self) -> None:
        """Moves the buffer among the committed."""
        self._blobs.committed[self.key] = self._blobs.partial.pop(self.key)

    def discard(self) -> None:
        """Forgets the buffer."""
        self._blobs.partial.pop(self.key, None)


class MemoryReader:
    """A view of a buffer that no longer grows."""

    def __init__(self, buffer: bytearray) -> None:
        self._view = memoryview(buffer)

    def read(self, offset: int, size: int) -> bytes:
        """At most `size` bytes from `offset`."""
        return bytes(self._view[offset : offset + size])

    def close(self) -> None:
        """Lets the buffer grow again."""
        self._view.release()


class MemoryBlobs:
    """Everything in two dictionaries."""

    def __init__(self) -> None:
        self.committed: dict[str, bytearray] = {}
        self.partial: dict[str, bytearray] = {}

    def create(self) -> MemoryWriter:
        """A new, empty blob."""
        key = new_key()
        self.partial[key] = bytearray()
        return MemoryWriter(self, key)

    def resume(self, key: str) -> MemoryWriter:
        """Nothing outlives the process: FileNotFoundError unless it was begun here."""
        if key not in self.partial:
            raise FileNotFoundError(key)
        writer = MemoryWriter(self, key)
        writer.size = len(self.partial[key])
        return writer

    def open(self, key: str) -> MemoryReader:
        """A reader of a committed blob. Raises FileNotFoundError."""
        buffer = self.committed.get(key, self.partial.get(key))
        if buffer is None:
            raise FileNotFoundError(key)
        return MemoryReader(buffer)

    def share(self, key: str) -> str:
        """The same buffer under another key."""
        copy = new_key()
        self.committed[copy] = self.committed[key]
        return copy

    def delete(self, key: str) -> None:
        """Forgets the key; readers keep the buffer."""
        self.committed.pop(key, None)

    def keep_only(self, committed: set[str], partial: set[str]) -> None:
        """A new process starts empty."""
