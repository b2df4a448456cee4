"""What one sender publishes while it holds the lease: usually one session, which may have begun before it came."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

from google.api_core.exceptions import GoogleAPICallError, RetryError

from pipeline.documents.leases import Lease
from pipeline.domain import names
from pipeline.domain.errors import UnsupportedMedia
from pipeline.domain.model import StreamState
from pipeline.domain.playlist import Playlist

from ..media import mpegts
from ..media.cut import CutRule
from ..media.probe import open_media
from ..media.replay_buffer import Source
from ..media.segmenter import Piece, Segmenter
from ..media.source import Media
from ..media.track_changes import Turning
from . import metadata
from .close_session import leave
from .lease_keeper import Keeper
from .session import Context, Session, Summary

log = logging.getLogger(__name__)
Opens = Callable[[Any, CutRule], Media]
"""What makes media of a source: `open_media`, or another for sources that can do more than be read."""


class Broadcast:
    """From the lease to its end: opens the session, pumps the source into it, and leaves it ended or waiting."""

    def __init__(self, lease: Lease, keeper: Keeper, context: Context, opens: Opens = open_media) -> None:
        settings = context.settings
        self._lease = lease
        self._keeper = keeper
        self._context = context
        self._opens = opens
        self._rule = CutRule.of(settings.segment_seconds, settings.max_segment_seconds)
        self._stretches = 0  # before this one, from the same sender
        self._base = 0  # ticks from media time 0 to the first picture of what is being read
        standing = self._standing()  # it may move the lease on
        self._session = Session(context, lease.session, standing)

    def run(self, source: Source, origin: str) -> Summary:
        """Publishes until the source ends. Raises what `publish` does."""
        opening = {"state": StreamState.CONNECTING.value, "source": origin, "error": None, "reconnect_until": None}
        self._session.open(opening)
        self._context.told(self._session.summary())
        failure: BaseException | None = None
        try:
            for session in self._lease.unfinished:
                self._finish(session)
            self._pump(source)
        except BaseException as error:  # noqa: BLE001 - `leave` acts on it, and raises it again
            failure = error
        leave(self._session, self._lease, self._keeper, source, failure)
        return self._session.summary()

    def _standing(self) -> Playlist:
        """What the session has stored. One that has had its last word is not gone on with."""
        settings = self._context.settings
        window, longest = settings.playlist_window, settings.max_segment_seconds
        found = self._context.storage.standing(self._lease.stream, self._lease.session, window, longest)
        if found and found.ended:
            self._lease.move(names.new_session(self._context.clock()))
            found = None
        return found or Playlist(longest, window)

    def _finish(self, session: str) -> None:
        """The last word of a session whose publisher could not say it."""
        try:
            known = self._context.storage.close(self._lease.stream, session)
            self._context.record(self._lease.stream, session, {"reconnect_until": None}, known)
            self._lease.finished(session)
        except (GoogleAPICallError, RetryError) as error:  # it stays with the lease, and housekeeping comes by
            log.warning("session %s is not finished yet: %s", session, error, extra={"labels": self._labels()})

    def _pump(self, source: Source) -> None:
        if self._opens is not open_media:
            self._stretch(source)
            return
        turning = Turning(source)
        self._stretch(turning)
        while turning.go_on():
            self._stretches += 1
            self._stretch(turning)

    def _stretch(self, source: Source) -> None:
        media = self._opens(source, self._rule)
        with media.container:
            self._context.weigh(media.picture.effort)
            segmenter = Segmenter(self._rule, sound=media.sound is not None, clock=self._context.clock)
            try:
                for unit in media.units():
                    self._publish(segmenter, media, segmenter.push(unit))
            except UnsupportedMedia:
                self._publish(segmenter, media, segmenter.flush())  # what came before is whole
                raise
            self._publish(segmenter, media, segmenter.flush())
            if segmenter.zero is None and not self._stretches:
                raise UnsupportedMedia("the stream ended before its first keyframe: there is nothing to show")

    def _publish(self, segmenter: Segmenter, media: Media, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            self._context.weigh(media.picture.effort)  # pictures may have become larger
            assert segmenter.zero is not None and segmenter.started is not None
            if piece.sequence == 0:
                self._base = self._session.continue_at(segmenter.started, seam=self._stretches > 0)
            if not self._session.fits(piece.duration):
                self._roll_over(piece)
            dropped = media.timeline.dropped + segmenter.late
            self._session.describe(metadata.of(media) | {"repaired": media.timeline.repaired, "dropped": dropped})
            sound = media.sound.template if media.sound else None
            data = mpegts.write(piece.units, segmenter.zero - self._base, media.picture.template, sound)
            self._session.put(self._base + piece.start, piece.duration, data, fresh=piece.fresh)

    def _roll_over(self, piece: Piece) -> None:
        """A segment longer than the target duration, which may not change: ends the session, goes on in another."""
        before, instant = self._session, self._session.instant(self._base + piece.start)
        self._lease.move(names.new_session(self._context.clock()))
        settings = self._context.settings
        self._session = Session(
            self._context, self._lease.session, Playlist(settings.max_segment_seconds, settings.playlist_window)
        )
        self._session.open({})
        before.close()
        before.say({"reconnect_until": None}, ended=True)
        self._lease.finished(before.id)
        self._base = self._session.continue_at(instant) - piece.start
        self._session.fits(piece.duration)

    def _labels(self) -> dict[str, Any]:
        return {"stream": self._lease.stream, "session": self._lease.session}
