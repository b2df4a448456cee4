"""Who is publishing on this instance: no more than it can carry, and all of them stopped when it shuts down."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass

from pipeline.domain.errors import Unavailable

# Pixels a second: the stream that `transcodes` counts. One of VP8 or HEVC takes 0.4 s of a whole core for each second;
# a vCPU is about half a core, and what is live needs the rest when it bursts.
TRANSCODE = 1280 * 720 * 30
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Capacity:
    """What one instance can carry: so many `streams` that are copied, or so many `transcodes` (see TRANSCODE), or some
    of both."""

    streams: int
    transcodes: float

    def share(self, effort: float) -> float:
        """What a stream takes of the instance, 1 for all. `effort`: pixels a second that are transcoded."""
        return max(1 / self.streams, effort / (TRANSCODE * self.transcodes))


class Slot:
    """What one sender takes of the instance."""

    def __init__(self, streams: ActiveStreams, stop: Callable[[], None], capacity: Capacity) -> None:
        self.stop = stop
        self.capacity = capacity
        self.share = capacity.share(0)
        self._streams = streams

    def weigh(self, effort: float) -> None:
        """From now on it transcodes so many pixels a second. Raises Unavailable where the others leave no room.

        One that is alone is taken, whatever it takes: it slows none but itself.
        """
        self._streams.weigh(self, effort)


class ActiveStreams:
    """The senders of one instance. That a stream has one publisher is kept by its lease, across instances."""

    def __init__(self) -> None:
        self._claiming = threading.Lock()  # never taken by `stop_all`, which a signal handler calls
        self._slots: dict[Slot, None] = {}
        self.closing = False

    @contextmanager
    def claim(self, stop: Callable[[], None], capacity: Capacity) -> Generator[Slot]:
        """A slot while the block runs, for a stream that is copied; `stop` ends the sender's source.

        Raises Unavailable.
        """
        slot = Slot(self, stop, capacity)
        with self._claiming:
            if self.closing:
                raise Unavailable("this instance is shutting down: connect again")
            if self._taken() + slot.share > 1 + _ROUNDING and self._slots:
                raise Unavailable(
                    f"this instance already carries {len(self)} streams, and has no room for another: "
                    "try again in a few seconds"
                )
            self._slots[slot] = None
        try:
            yield slot
        finally:
            del self._slots[slot]

    def weigh(self, slot: Slot, effort: float) -> None:
        """See Slot."""
        share = slot.capacity.share(effort)
        with self._claiming:
            others = self._taken() - slot.share
            if share > slot.share and len(self) > 1 and others + share > 1 + _ROUNDING:
                raise Unavailable(
                    f"this video must be transcoded, and this instance, which carries {len(self) - 1} other streams, "
                    "has no room for that: try again in a few seconds, or send H.264 (8 bit, 4:2:0), which is copied"
                )
            slot.share = share

    def stop_all(self) -> None:
        """Ends every source, as at SIGTERM: each session then finishes its segment and its playlists."""
        self.closing = True
        for slot in list(self._slots):
            slot.stop()

    def _taken(self) -> float:
        return sum(slot.share for slot in list(self._slots))

    def __len__(self) -> int:
        return len(self._slots)


ACTIVE_STREAMS = ActiveStreams()
"""This instance's."""
