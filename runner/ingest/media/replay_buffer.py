"""Input bytes, and a buffer that reads a live input again from its start."""

from __future__ import annotations

from typing import Protocol

from pipeline.domain.errors import UnsupportedMedia
from pipeline.media.containers import Readable

_MAX_FRUITLESS_BYTES = 16 << 20
_MAX_KEPT_BYTES = 1 << 20  # by `skip`


class Seekable(Readable, Protocol):
    """A file, complete and seekable."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Moves to `offset` from the start, the position or the end, as in `io`; returns the new position."""
        ...

    def tell(self) -> int:
        """The position of the next byte."""
        ...


class Source(Readable, Protocol):
    """The bytes of a sender, which may break off."""

    @property
    def broken(self) -> bool:
        """Whether the bytes ran out although the sender did not end the stream: it may come back and continue."""
        ...


class Rewindable:
    """Keeps the bytes that were read until `forget`, so that a live input can be probed again.

    After that it raises UnsupportedMedia once 16 MiB were read without `progress`: FFmpeg would collect them for a
    picture that never ends.
    """

    def __init__(self, source: Readable) -> None:
        self._source = source
        self._kept = bytearray()
        self._at = 0
        self._keeps = True
        self._fruitless = 0
        self.taken = 0  # bytes of the source, while they are kept

    def read(self, size: int, /) -> bytes:
        """See Readable."""
        if self._at < len(self._kept):
            data = bytes(self._kept[self._at : self._at + size])
            self._at += len(data)
            return data
        if not self._keeps:
            self._kept.clear()
            self._at = 0
            data = self._source.read(size)
            self._fruitless += len(data)
            if self._fruitless > _MAX_FRUITLESS_BYTES:
                raise UnsupportedMedia(
                    f"found no picture and no sound in {_MAX_FRUITLESS_BYTES >> 20} MiB: send one video stream, whose "
                    "pictures are smaller"
                )
            return data
        data = self._source.read(size)
        self.taken += len(data)
        self._kept += data
        self._at += len(data)
        return data

    def head(self, size: int) -> bytes:
        """The first `size` bytes, without consuming them; fewer if the input is shorter."""
        while len(self._kept) < size and (data := self._source.read(size - len(self._kept))):
            self._kept += data
        return bytes(self._kept[:size])

    def progress(self) -> None:
        """Notes that the bytes read so far have become packets."""
        self._fruitless = 0

    def seen(self) -> bytes:
        """The kept bytes."""
        return bytes(self._kept)

    def skip(self) -> None:
        """Gives up most of the bytes read so far. The last quarter is read again: a keyframe may begin in it."""
        del self._kept[: self._at - min(self._at // 4, _MAX_KEPT_BYTES)]
        self._at = 0

    def rewind(self) -> None:
        """Moves back to the first byte."""
        self._at = 0

    def forget(self) -> None:
        """Ends rewinding and releases the kept bytes."""
        self._keeps = False
