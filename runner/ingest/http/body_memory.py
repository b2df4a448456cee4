"""Memory for bodies that are held whole, as segments are: each one is bounded, and all of them together."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager

from pipeline.domain.errors import BadRequest, Unavailable

from .body import Body

_READ_BYTES = 256 << 10
_MAX_HELD_BYTES = 128 << 20  # at a time on this instance of 1 GiB: remuxing copies a segment twice
_lock = threading.Lock()
_held = 0


@contextmanager
def reading(body: Body, largest: int, name: str) -> Generator[bytes]:
    """Holds the whole body while the block runs. Raises BadRequest if it is too large or breaks off."""
    data = bytearray()
    taken = 0
    try:
        while piece := body.read(_READ_BYTES):
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
        if count > 0 and _held + count > _MAX_HELD_BYTES:
            raise Unavailable("this instance holds as many segments as it can: send the segment again in a second")
        _held += count
