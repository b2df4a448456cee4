"""A source whose tracks may change: FFmpeg does not see streams that begin after it has opened an input.

Each stretch ends like an input that ends; `go_on` begins the next one, which must be opened again.
"""

from __future__ import annotations

from typing import Protocol

from .flv import FlvTags
from .mpegts_tables import TransportTables
from .replay_buffer import Source

_MAX_VAIN = 3  # stretches that were opened without sound
_HEAD_BYTES = 3 * 188  # enough to tell the container


class Watch(Protocol):
    """Searches the bytes of a container for the place where other streams begin."""

    def cut(self, data: bytes) -> tuple[bytes, bytes | None]:
        """The bytes so far that belong to this stretch, and those of the next one once that begins."""
        ...

    def rest(self) -> bytes:
        """The held-back bytes, at the end."""
        ...

    def await_sound(self) -> None:
        """Tells it that the stretch was opened without sound: announced sound that comes begins another."""
        ...


class TrackChanges:
    """Reads a source up to where its streams change."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._watch: Watch | None = None
        self._ready = b""
        self._next: bytes | None = None
        self._ended = False
        self._vain = 0
        self._begin(self._head())

    @property
    def broken(self) -> bool:
        """See Source."""
        return self._source.broken

    def read(self, size: int, /) -> bytes:
        """See Readable. Returns no bytes at the end of a stretch, too."""
        while not self._ready and self._next is None and not self._ended:
            data = self._source.read(size)
            self._take(data) if data else self._end()
        data, self._ready = self._ready[:size], self._ready[size:]
        return data

    def go_on(self) -> bool:
        """Whether another stretch follows; `read` then returns its bytes."""
        if self._next is None:
            return False
        self._begin(self._next)
        return True

    def opened(self, *, sound: bool) -> None:
        """Notes whether the stretch has sound. Sound that cannot be read is not tried for ever."""
        if self._watch and not sound and self._vain < _MAX_VAIN:
            self._vain += 1
            self._watch.await_sound()

    def _head(self) -> bytes:
        head = b""
        while len(head) < _HEAD_BYTES and (data := self._source.read(_HEAD_BYTES - len(head))):
            head += data
        return head

    def _begin(self, head: bytes) -> None:
        self._next = None
        self._watch = FlvTags() if head.startswith(b"FLV") else TransportTables() if _is_ts(head) else None
        self._take(head)

    def _take(self, data: bytes) -> None:
        if self._watch:
            data, self._next = self._watch.cut(data)
        self._ready += data

    def _end(self) -> None:
        self._ended = True
        if self._watch:
            self._ready += self._watch.rest()


def _is_ts(head: bytes) -> bool:
    return len(head) > 188 and head[0] == head[188] == 0x47
