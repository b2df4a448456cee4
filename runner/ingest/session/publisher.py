"""Stores finished segments in order, one thread per stream behind a bounded queue.

A playlist lists a segment only once it is durable. A slow bucket fills the queue, `put` blocks, the sender's bytes
stay unread, and TCP slows the sender: nothing is dropped.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable

from pipeline.cloud import tracing
from pipeline.cloud.objects import WRITE_SECONDS
from pipeline.domain.errors import MediaAnalyzerError, Unavailable
from pipeline.domain.model import Segment
from pipeline.domain.names import live_playlist, segment_object, vod_playlist
from pipeline.domain.playlist import Playlist

from .storage import Storage

log = logging.getLogger(__name__)

_MAX_QUEUED_BYTES = 16 << 20  # of the segments that wait or are being stored; one larger than that goes alone
INTERVAL = WRITE_SECONDS

Entry = tuple[Segment, bytes, int]  # with the time of its cut, in nanoseconds of Unix time


class Publisher:
    """Takes segments until `close`. Calls `listed` with the last segment that a durable playlist lists."""

    def __init__(
        self,
        stream: str,
        session: str,
        storage: Storage,
        playlist: Playlist,
        depth: int,
        listed: Callable[[Segment], None],
        check: Callable[[], None] = lambda: None,
    ) -> None:
        """`check` is called before each write, and raises once this publisher may not write."""
        self._live, self._vod = live_playlist(stream, session), vod_playlist(stream, session)
        self._storage = storage
        self._playlist = playlist
        self._listed = listed
        self._check_write = check
        self._ended = True
        self._queue: queue.Queue[Entry | None] = queue.Queue(depth)
        self.waiting = False  # whether `put` waits for room
        self._queued = 0
        self._room = threading.Condition()
        self._failure: Exception | None = None
        self._unlisted = False
        # A resumed session was listed a moment ago, perhaps by another instance.
        self._written = time.monotonic() if playlist.segments else 0.0
        self._thread = threading.Thread(target=self._run, name=f"publish-{stream}")

    def start(self) -> None:
        """Begins to store."""
        self._thread.start()

    def put(self, segment: Segment, data: bytes) -> None:
        """Queues a segment; blocks while the queue is full, in segments or in bytes. Raises the error of an earlier
        segment."""
        self._check()
        with self._room:
            self.waiting = not self._fits(len(data))
            self._room.wait_for(lambda: self._fits(len(data)))
            self.waiting = False
            self._queued += len(data)
        self._queue.put((segment, data, time.time_ns()))

    def _fits(self, size: int) -> bool:
        return not self._queued or self._queued + size <= _MAX_QUEUED_BYTES

    def close(self, *, ended: bool = True) -> None:
        """Waits until everything is stored and listed, and both playlists are final where the session has `ended`.

        Raises the error of storing.
        """
        self._ended = ended
        self._queue.put(None)
        self._thread.join()
        self._check()

    def _check(self) -> None:
        if isinstance(self._failure, MediaAnalyzerError):
            raise self._failure
        if self._failure:
            raise Unavailable(f"the session could not be stored: {self._failure}") from self._failure

    def _run(self) -> None:
        while True:
            try:
                entry = self._queue.get(timeout=self._pause() if self._unlisted else None)
            except queue.Empty:
                self._attempt(self._list)
                continue
            if entry is None:
                break
            self._attempt(lambda entry=entry: self._store(*entry))
            with self._room:
                self._queued -= len(entry[1])
                self._room.notify()
            entry = None
        if self._ended and self._playlist.segments:
            self._attempt(self._finish)
        elif self._unlisted:
            time.sleep(self._pause())
            self._attempt(self._list)

    def _attempt(self, step: Callable[[], None]) -> None:
        """Runs a step unless one has failed: the queue must still be emptied, or `put` would block for ever."""
        if self._failure:
            return
        try:
            self._check_write()
            step()
        except Exception as failure:  # noqa: BLE001 - carried over to the sender's thread, which raises it
            self._failure = failure
            self._unlisted = False

    def _store(self, segment: Segment, data: bytes, cut: int) -> None:
        with tracing.span("segment", started=cut, object=segment_object(segment.ref)):
            self._storage.segment(segment, data)
            self._playlist.add(segment)
            self._unlisted = True
            if not self._pause():
                with tracing.span("list segment"):
                    self._list()

    def _list(self, *, ended: bool = False) -> None:
        self._storage.playlist(self._live, self._playlist.live(ended=ended))
        self._written = time.monotonic()
        self._unlisted = False
        self._listed(self._playlist.segments[-1])

    def _finish(self) -> None:
        self._storage.playlist(self._vod, self._playlist.vod())
        time.sleep(self._pause())
        self._list(ended=True)

    def _pause(self) -> float:
        return max(0.0, self._written + INTERVAL - time.monotonic())
