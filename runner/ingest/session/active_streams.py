"""The streams that this instance carries: limited by its capacity, and stopped when it shuts down."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass

from pipeline.domain.errors import Unavailable

# Pixels a second of the stream that `transcodes` counts. One of VP8 or HEVC takes 0.4 s of a whole core per second; a
# vCPU is about half a core, and live streams need the rest when they burst.
TRANSCODE = 1280 * 720 * 30
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Capacity:
    """The capacity of an instance: `streams` that are copied, or `transcodes` (see TRANSCODE), or a mix."""

    streams: int
    transcodes: float

    def share(self, effort: float) -> float:
        """The share of the instance that a stream takes, 0 to 1. `effort`: pixels a second that are transcoded."""
        return max(1 / self.streams, effort / (TRANSCODE * self.transcodes))


class Slot:
    """The share of the instance that one sender takes."""

    def __init__(self, streams: ActiveStreams, stop: Callable[[], None], capacity: Capacity) -> None:
        self.stop = stop
        self.capacity = capacity
        self.share = capacity.share(0)
        self._streams = streams

    def weigh(self, effort: float) -> None:
        """Records that the stream now transcodes `effort` pixels a second. Raises Unavailable without the capacity.

        A stream that is alone is always taken: it can only slow itself.
        """
        self._streams.weigh(self, effort)


class ActiveStreams:
    """The senders of one instance. Its lease ensures, across instances, that a stream has one publisher."""

    def __init__(self) -> None:
        self._claiming = threading.Lock()  # never taken by `stop_all`, which a signal handler calls
        self._slots: dict[Slot, None] = {}
        self.closing = False

    @contextmanager
    def claim(self, stop: Callable[[], None], capacity: Capacity) -> Generator[Slot]:
        """Reserves a slot while the block runs, for a stream that is copied. `stop` ends the sender's source.

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
        """Ends every source, at SIGTERM: each session then finishes its segment and its playlists."""
        self.closing = True
        for slot in list(self._slots):
            slot.stop()

    def _taken(self) -> float:
        return sum(slot.share for slot in list(self._slots))

    def __len__(self) -> int:
        return len(self._slots)


ACTIVE_STREAMS = ActiveStreams()
"""The streams of this instance."""
