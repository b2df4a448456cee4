"""One session: from the first byte of a sender to the last word in both playlists."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline.errors import MediaAnalyzerError, NotFound, UnsupportedMedia
from pipeline.model import Segment, SegmentRef, StreamState
from pipeline.names import live_playlist, vod_playlist
from pipeline.playlist import Playlist

from . import facts, mux
from .cut import CutRule
from .probe import open_media
from .publisher import Publisher
from .recorder import Record, Recorder
from .rewind import Readable
from .segmenter import Piece, Segmenter
from .settings import Ingest
from .source import Media
from .storage import Storage
from .units import CLOCK, seconds

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a session came to."""

    session: str
    segments: int
    media_seconds: float
    playlist: str


def _now() -> datetime:
    return datetime.now(UTC)


class Session:
    """Publishes one source as one stream's session. `stop`, from any thread, is called when the stream is deleted."""

    def __init__(
        self,
        stream: str,
        session: str,
        settings: Ingest,
        storage: Storage,
        record: Record,
        *,
        stop: Callable[[], None] = lambda: None,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self.stream = stream
        self.id = session
        self._rule = CutRule.of(settings.segment_seconds, settings.max_segment_seconds)
        self._clock = clock
        self._playlist = Playlist(settings.max_segment_seconds, settings.playlist_window)
        self._recorder = Recorder(stream, self.id, record, stop)
        self._publisher = Publisher(stream, self.id, storage, self._playlist, settings.upload_queue, self._listed)
        self._started = clock()
        self._facts: dict[str, Any] = {}
        self._repairs: Callable[[], dict[str, int]] = dict

    def run(self, source: Readable) -> Summary:
        """Publishes until the source ends. Raises UnsupportedMedia, Unavailable, or NotFound (a deleted stream)."""
        self._recorder.start()
        self._publisher.start()
        self._recorder.note({"state": StreamState.CONNECTING.value, "error": None})
        log.info("session opened", extra={"labels": self._labels()})
        try:
            try:
                self._pump(source)
            finally:
                self._publisher.close()
        except MediaAnalyzerError as error:
            self._end(StreamState.ERROR, str(error))
            raise
        except BaseException:
            self._end(StreamState.ERROR, "the ingest service failed; its log says why")
            raise
        self._end(StreamState.ENDED, None)
        if self._recorder.deleted:
            raise NotFound(f"stream {self.stream!r} was deleted while it was being published")
        return self.summary()

    def summary(self) -> Summary:
        """What has been listed so far."""
        segments = self._playlist.segments
        return Summary(self.id, len(segments), self._media_seconds(), live_playlist(self.stream, self.id))

    def _pump(self, source: Readable) -> None:
        media = open_media(source, self._rule)
        with media.container:
            segmenter = Segmenter(self._rule, sound=media.sound is not None, clock=self._clock)
            self._facts = facts.of(media)
            self._repairs = lambda: {
                "repaired": media.timeline.repaired,
                "dropped": media.timeline.dropped + segmenter.late,
            }
            try:
                for unit in media.units():
                    self._publish(segmenter, media, segmenter.push(unit))
            except UnsupportedMedia:
                self._publish(segmenter, media, segmenter.flush())  # what came before is whole
                raise
            self._publish(segmenter, media, segmenter.flush())
            if segmenter.zero is None:
                raise UnsupportedMedia("the stream ended before its first keyframe: there is nothing to show")

    def _publish(self, segmenter: Segmenter, media: Media, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            assert segmenter.zero is not None and segmenter.started is not None
            self._started = _whole_ms(segmenter.started)
            sound = media.sound.template if media.sound else None
            data = mux.write(piece.units, segmenter.zero, media.picture.template, sound)
            self._publisher.put(self._describe(piece), data)

    def _describe(self, piece: Piece) -> Segment:
        return Segment(
            SegmentRef(self.stream, self.id, piece.sequence),
            media_time=seconds(piece.start),
            duration=seconds(piece.duration),
            # Rounded from the session's start each time, so that it never drifts.
            program_date_time=self._started + timedelta(milliseconds=round(piece.start * 1000 / CLOCK)),
        )

    def _listed(self, segment: Segment) -> None:
        """A playlist that names `segment` is durable; runs on the publisher's thread."""
        stream: dict[str, Any] = {"last_segment_at": self._clock()}
        known: dict[str, Any] = self._progress()
        if not self._facts.get("announced"):
            stream |= {"state": StreamState.LIVE.value, "session": self.id}
            known |= self._facts | {
                "started": self._started,
                "ended": None,
                "playlist": live_playlist(self.stream, self.id),
            }
            self._facts = {"announced": True}
        self._recorder.note(stream, known)

    def _progress(self) -> dict[str, Any]:
        return {"segments": len(self._playlist.segments), "media_seconds": self._media_seconds(), **self._repairs()}

    def _media_seconds(self) -> float:
        last = self._playlist.segments[-1] if self._playlist.segments else None
        return round(last.media_time + last.duration, 6) if last else 0.0

    def _end(self, state: StreamState, reason: str | None) -> None:
        known: dict[str, Any] = {}
        if self._playlist.segments:
            known = {"ended": self._clock(), "vod": vod_playlist(self.stream, self.id), **self._progress()}
            if reason:
                known["error"] = reason
        self._recorder.note({"state": state.value, "error": reason}, known)
        log.info(
            "session %s", state.value, extra={"labels": self._labels() | {"reason": reason or "", **self._progress()}}
        )
        self._recorder.close()

    def _labels(self) -> dict[str, Any]:
        return {"stream": self.stream, "session": self.id}


def _whole_ms(instant: datetime) -> datetime:
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
