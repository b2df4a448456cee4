"""A session that is being written: segments with their times, playlists, documents."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pipeline.domain.errors import NotFound
from pipeline.domain.model import Segment, StreamState
from pipeline.domain.names import live_playlist, vod_playlist
from pipeline.domain.playlist import Playlist, target_for

from ..media.units import seconds
from ..settings import Ingest
from .media_position import MediaPosition
from .publisher import Publisher
from .recorder import Record, Recorder
from .storage import Storage

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Summary:
    """The outcome of a session so far."""

    session: str
    segments: int
    media_seconds: float
    playlist: str


@dataclass(frozen=True, slots=True)
class Context:
    """The settings, storage and callbacks that the sessions of one publisher share.

    `check_lease` raises LeaseLost once the publisher may not write; `on_deleted` is called if the stream was deleted;
    `on_listed` after each listing; `weigh` takes the pixels per second that are transcoded, and raises Unavailable if
    this instance has no capacity for them.
    """

    stream: str
    settings: Ingest
    storage: Storage
    record: Record
    check_lease: Callable[[], None]
    on_deleted: Callable[[], None]
    on_listed: Callable[[Summary], None]
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    weigh: Callable[[float], None] = lambda _: None


class Session:
    """A session that is open for writing: new, or resumed with the `playlist` of its stored segments.

    `position.continue_at` begins a stretch, `put` adds a segment to it.
    """

    def __init__(self, context: Context, session: str, playlist: Playlist) -> None:
        self.id = session
        self._context = context
        self._playlist = playlist
        self.position = MediaPosition(context.stream, session, playlist)
        self._recorder = Recorder(context.stream, session, context.record, context.on_deleted)
        self._publisher = Publisher(
            context.stream,
            session,
            context.storage,
            playlist,
            depth=context.settings.upload_queue,
            listed=self._listed,
            check=self._check,
        )
        self._facts: dict[str, Any] = {}
        self._announced = False

    @property
    def has_segments(self) -> bool:
        """Whether it has a segment."""
        return bool(self._playlist.segments)

    @property
    def deleted(self) -> bool:
        """Whether the stream was deleted meanwhile."""
        return self._recorder.deleted

    def open(self, stream: dict[str, Any]) -> None:
        """Starts to store and to record. `stream`: fields of the stream's document."""
        self._recorder.start()
        self._publisher.start()
        if stream:
            self._recorder.note(stream)
        log.info("session opened", extra={"labels": self._labels() | {"segments": self.position.next}})

    def describe(self, facts: dict[str, Any]) -> None:
        """Sets the session's fields about its media and their repairs, from the next segment on."""
        self._facts = facts

    def fits(self, duration: int) -> bool:
        """Whether the session may list a segment of `duration` ticks. The first one sets the target duration."""
        if not self.position.next:
            self._playlist.target_duration = target_for(seconds(duration), self._context.settings.max_segment_seconds)
        return self._playlist.fits(seconds(duration))

    def put(self, at: int, duration: int, data: bytes, *, fresh: bool) -> None:
        """Queues a finished segment at media time `at` (ticks). `fresh`: its decoder must be set up again.

        Blocks while the bucket is slow. Raises the error of an earlier segment.
        """
        self._publisher.put(self.position.take(at, duration, fresh=fresh), data)

    def drop(self) -> None:
        """Stops recording: another publisher writes the documents now."""
        self._recorder.drop()

    def close(self, *, ended: bool = True) -> None:
        """Waits until everything is stored and listed, with ENDLIST if it `ended`. Raises the error of storing."""
        self._publisher.close(ended=ended)

    def say(self, stream: dict[str, Any], *, ended: bool = False, error: dict[str, str] | None = None) -> None:
        """The last fields of both documents. Raises Unavailable where Firestore does not take them in time."""
        known: dict[str, Any] = self._progress() if self._playlist.segments else {}
        if known and ended:
            known |= {"ended": self._context.clock(), "vod": vod_playlist(self._context.stream, self.id)}
            known |= {"error": error} if error else {}
        self._recorder.note(stream, known)
        log.info("session %s", stream.get("state", "rolled over"), extra={"labels": self._labels() | known})
        self._recorder.close()

    def summary(self) -> Summary:
        """The listed segments so far."""
        segments = len(self._playlist.segments)
        return Summary(self.id, segments, self._media_seconds(), live_playlist(self._context.stream, self.id))

    def _check(self) -> None:
        self._context.check_lease()
        if self.deleted:
            raise NotFound(f"stream {self._context.stream!r} was deleted while it was being published")

    def _listed(self, segment: Segment) -> None:
        """Records that a durable playlist lists `segment`. Runs on the publisher's thread."""
        stream: dict[str, Any] = {"last_segment_at": self._context.clock()}
        known = self._progress()
        if not self._announced:
            self._announced = True
            stream |= {"state": StreamState.LIVE.value, "session": self.id, "reconnect_until": None}
            playlist = live_playlist(self._context.stream, self.id)
            known |= {"started": self.position.started, "ended": None, "playlist": playlist}
        self._recorder.note(stream, known)
        self._context.on_listed(self.summary())

    def _progress(self) -> dict[str, Any]:
        return {"segments": len(self._playlist.segments), "media_seconds": self._media_seconds(), **self._facts}

    def _media_seconds(self) -> float:
        last = self._playlist.segments[-1] if self._playlist.segments else None
        return round(last.media_time + last.duration, 6) if last else 0.0

    def _labels(self) -> dict[str, Any]:
        return {"stream": self._context.stream, "session": self.id}
