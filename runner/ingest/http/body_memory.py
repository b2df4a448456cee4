"""Memory for bodies that are held whole, as segments are: each one is bounded, those of one stream, and all together.

Reading a body costs more than its bytes: it is read in pieces, its packets are copied out of it, and those are written
again.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager, nullcontext

from pipeline.domain.errors import BadRequest, Busy, Unavailable

from .body import Body

_READ_BYTES = 256 << 10
_COST = 3  # bytes of memory for each byte of a body
_MAX_COST_BYTES = 384 << 20  # at a time on this instance of 1 GiB
_MAX_OF_STREAM = 2  # bodies at a time
_MAX_WAITING = 6  # further ones: ffmpeg sends the next segment before it has the answer to the last
_MAX_WAITING_TOGETHER = 24  # more of one stream while others leave room: ffmpeg reads no 429, and sends nothing again
_WAIT_SECONDS = 20.0
_lock = threading.Condition()
_cost = 0
_bodies: Counter[str] = Counter()
_waiting: Counter[str] = Counter()


def _never(_: bytes) -> bool:
    return False


@contextmanager
def reading(
    body: Body, largest: int, name: str, stream: str, *, at_once: Callable[[bytes], bool] = _never
) -> Generator[bytes]:
    """Holds the whole body while the block runs. Raises BadRequest if it is too large or breaks off, Busy if the
    stream sends many at once: two are read, and some wait.

    A short body for which `at_once` holds awaits no turn: the bodies whose turn it is may depend on it.
    """
    data = bytearray()
    taken = 0

    def read(most: int) -> None:
        nonlocal taken
        while len(data) < most and (piece := body.read(_READ_BYTES)):
            _take(len(piece))
            taken += len(piece)
            data.extend(piece)
        if len(data) > largest:
            raise BadRequest(f"{name} has more than {largest >> 20} MiB")
        if body.broken:
            raise BadRequest(f"{name} broke off after {len(data)} bytes: send it again")

    try:
        read(_READ_BYTES)
        with nullcontext() if len(data) < _READ_BYTES and at_once(bytes(data)) else _turn(stream):
            read(largest + 1)
            whole = bytes(data)
            data.clear()
            yield whole
    finally:
        _take(-taken)


@contextmanager
def _turn(stream: str) -> Generator[None]:
    with _lock:
        if not _wait(stream):
            raise Busy(f"stream {stream!r} sends too many segments at once: expected {_MAX_OF_STREAM} at a time")
        _bodies[stream] += 1
    try:
        yield
    finally:
        with _lock:
            _leave(_bodies, stream)
            _lock.notify_all()


def waiting(stream: str) -> int:
    """The number of a stream's bodies that wait for their turn."""
    return _waiting.get(stream, 0)


def _wait(stream: str) -> bool:
    """Whether the stream's turn has come."""
    if _waiting[stream] >= _MAX_WAITING and _waiting.total() >= _MAX_WAITING_TOGETHER:
        return False
    _waiting[stream] += 1
    try:
        return _lock.wait_for(lambda: _bodies[stream] < _MAX_OF_STREAM, _WAIT_SECONDS)
    finally:
        _leave(_waiting, stream)


def _leave(counter: Counter[str], stream: str) -> None:
    counter[stream] -= 1
    if not counter[stream]:
        del counter[stream]


def _take(count: int) -> None:
    global _cost
    with _lock:
        if count > 0 and _cost + count * _COST > _MAX_COST_BYTES:
            raise Unavailable("this instance holds as many segments as it can: send the segment again in a second")
        _cost += count * _COST
