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
class Room:
    """What one instance can carry: so many `streams` that are copied, or so many `transcodes` (see TRANSCODE), or some
    of both."""

    streams: int
    transcodes: float

    def share(self, effort: float) -> float:
        """What a stream takes of the instance, 1 for all. `effort`: pixels a second that are transcoded."""
        return max(1 / self.streams, effort / (TRANSCODE * self.transcodes))


class Place:
    """What one sender takes of the instance."""

    def __init__(self, registry: Registry, stop: Callable[[], None], room: Room) -> None:
        self.stop = stop
        self.room = room
        self.share = room.share(0)
        self._registry = registry

    def weigh(self, effort: float) -> None:
        """From now on it transcodes so many pixels a second. Raises Unavailable where the others leave no room.

        One that is alone is taken, whatever it takes: it slows none but itself.
        """
        self._registry.weigh(self, effort)


class Registry:
    """The senders of one instance. That a stream has one publisher is kept by its lease, across instances."""

    def __init__(self) -> None:
        self._claiming = threading.Lock()  # never taken by `stop_all`, which a signal handler calls
        self._places: dict[Place, None] = {}
        self.closing = False

    @contextmanager
    def claim(self, stop: Callable[[], None], room: Room) -> Generator[Place]:
        """A place while the block runs, for a stream that is copied; `stop` ends the sender's source.

        Raises Unavailable.
        """
        place = Place(self, stop, room)
        with self._claiming:
            if self.closing:
                raise Unavailable("this instance is shutting down: connect again")
            if self._taken() + place.share > 1 + _ROUNDING and self._places:
                raise Unavailable(
                    f"this instance already carries {len(self)} streams, and has no room for another: "
                    "try again in a few seconds"
                )
            self._places[place] = None
        try:
            yield place
        finally:
            del self._places[place]

    def weigh(self, place: Place, effort: float) -> None:
        """See Place."""
        share = place.room.share(effort)
        with self._claiming:
            others = self._taken() - place.share
            if share > place.share and len(self) > 1 and others + share > 1 + _ROUNDING:
                raise Unavailable(
                    f"this video must be transcoded, and this instance, which carries {len(self) - 1} other streams, "
                    "has no room for that: try again in a few seconds, or send H.264 (8 bit, 4:2:0), which is copied"
                )
            place.share = share

    def stop_all(self) -> None:
        """Ends every source, as at SIGTERM: each session then finishes its segment and its playlists."""
        self.closing = True
        for place in list(self._places):
            place.stop()

    def _taken(self) -> float:
        return sum(place.share for place in list(self._places))

    def __len__(self) -> int:
        return len(self._places)


REGISTRY = Registry()
"""This instance's."""
