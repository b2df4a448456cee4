"""What a session has used so far, asked for again and again while it is live: only what is new is read.

Of a session's frames those from the start on that nothing more is to come for are added up once and remembered for a
while; the rest is read each time. Nothing is stored: whoever asks elsewhere counts anew and gets the same.
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

KEEPS = 600.0  # seconds: what is looked at again (pipeline.sessions.reanalysis) is noticed then
_MAX_SESSIONS = 256
_LATE = timedelta(minutes=10)  # after which an analysis that has not come will not


@dataclass(frozen=True, slots=True)
class _Settled:
    """What frames before media time `until` (ms) have used; read from the start at `began`."""

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
        """What the frames there are now have used."""
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
