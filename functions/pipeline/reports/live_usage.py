"""Usage of a live session, which is read again and again: only new frames are read.

The frames from the start on whose results are complete are added up once and remembered for a while; the rest is read
each time. Nothing is stored: another process counts again and gets the same.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from .usage import FrameCalls, Usage, usage_of

Read = Callable[[str, str, int], Iterator[FrameCalls]]
"""Frames of a stream's session from a media time (ms) on."""

KEEPS = 600.0  # seconds, after which frames that were analysed again (sessions.reanalysis) are noticed
_MAX_SESSIONS = 256
_LATE = timedelta(minutes=10)  # after which a missing analysis is not expected any more


@dataclass(frozen=True, slots=True)
class _Settled:
    """Usage of the frames before media time `until` (ms), read from the start at `began`."""

    until: int
    usage: Usage
    began: float


class Meter:
    """Usage by session, of frames alone. Threads may share it."""

    def __init__(self, read: Read, clock: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._clock = clock
        self._known: OrderedDict[tuple[str, str], _Settled] = OrderedDict()
        self._lock = threading.Lock()

    def usage(self, stream: str, session: str) -> Usage:
        """The usage of the frames that exist now."""
        now, key = self._clock(), (stream, session)
        with self._lock:
            known = self._known.get(key)
        if known is None or now - known.began > KEEPS:
            known = _Settled(0, Usage(), now)
        frames = self._read(stream, session, known.until)
        settled, rest = known.usage, Usage()
        until, late = known.until, datetime.now(UTC) - _LATE
        for frame in frames:
            if _settled(frame, late):
                settled, until = settled + usage_of([frame]), frame.at + 1
            else:
                rest = usage_of([frame])
                break
        with self._lock:
            self._known[key] = _Settled(until, settled, known.began)
            self._known.move_to_end(key)
            while len(self._known) > _MAX_SESSIONS:
                self._known.popitem(last=False)
        return settled + rest + usage_of(frames)


def _settled(frame: FrameCalls, late: datetime) -> bool:
    complete = not frame.pending and not any(call.failed for call in frame.calls)
    return complete or (frame.finalized_at is not None and frame.finalized_at < late)
