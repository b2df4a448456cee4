"""Bodies that are held whole, as a segment must be to be read: each bounded, and all of them together."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager

from pipeline.domain.errors import BadRequest, Unavailable

from .body import Body

_PIECE = 256 << 10
_ALL = 128 << 20  # bytes that this instance holds at a time, of 1 GiB: a segment is copied twice while it is remuxed
_lock = threading.Lock()
_held = 0


@contextmanager
def reading(body: Body, largest: int, name: str) -> Generator[bytes]:
    """The whole body, held while the block runs. Raises BadRequest where it is too large or breaks off."""
    data = bytearray()
    taken = 0
    try:
        while piece := body.read(_PIECE):
            _take(len(piece))
            taken += len(piece)
            data += piece
            if len(data) > largest:
                raise BadRequest(f"{name} has more than {largest >> 20} MiB")
        if body.broken:
            raise BadRequest(f"{name} broke off after {len(data)} bytes: send it again")
        yield bytes(data)
    finally:
        _take(-taken)


def _take(count: int) -> None:
    global _held
    with _lock:
        if count > 0 and _held + count > _ALL:
            raise Unavailable("this instance holds as many segments as it can: send it again in a second")
        _held += count
