"""Publishes a feed under a lease: usually one session, which an earlier sender may have begun."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from google.api_core.exceptions import GoogleAPICallError, RetryError

from pipeline.control.lease import Lease
from pipeline.domain import names
from pipeline.domain.errors import Unavailable, UnsupportedMedia
from pipeline.domain.model import StreamState
from pipeline.domain.playlist import Playlist
from pipeline.media.limits import check_rate
from pipeline.sessions import stored

from ..media import mpegts
from ..media.cut import CutRule
from ..media.segmenter import Piece, Segmenter
from ..media.source import Media
from ..media.units import seconds
from . import metadata
from .bit_rate import BitRate
from .close_session import leave
from .feed import Feed
from .lease_keeper import LeaseKeeper
from .session import Context, Session, Summary

log = logging.getLogger(__name__)


class Broadcast:
    """From the lease to its end: opens the session, publishes the feed into it, and leaves it ended or waiting."""

    def __init__(self, lease: Lease, keeper: LeaseKeeper, context: Context, feed: Feed) -> None:
        settings = context.settings
        self._lease = lease
        self._keeper = keeper
        self._context = context
        self._feed = feed
        self._rule = CutRule.of(settings.segment_seconds, settings.max_segment_seconds)
        self._bit_rate = BitRate(0 if feed.repeatable else settings.max_mbits)
        self._stretch = 0  # number of the current one
        self._base = 0  # ticks from media time 0 to the first picture of the current stretch
        playlist = self._resume()  # may move the lease to another session
        self._session = Session(context, lease.session, playlist)
        if feed.repeatable:
            self._session.position.discontinuity = False

    def run(self, origin: str) -> Summary:
        """Publishes until the feed ends. Raises what `publish` does."""
        opening = {"state": StreamState.CONNECTING.value, "source": origin, "error": None, "reconnect_until": None}
        self._session.open(opening)
        self._context.on_listed(self._session.summary())
        failure: BaseException | None = None
        try:
            for session in self._lease.unfinished:
                self._finish(session)
            for number, media in enumerate(self._feed.stretches(self._rule)):
                self._stretch = number
                self._read(media)
        except BaseException as error:  # noqa: BLE001 - `leave` acts on it, and raises it again
            failure = error
        leave(self._session, self._lease, self._keeper, self._feed.broken, failure)
        return self._session.summary()

    def _resume(self) -> Playlist:
        """The playlist that the session continues."""
        lease, settings = self._lease, self._context.settings
        window, longest = settings.playlist_window, settings.max_segment_seconds
        empty = Playlist(longest, window)
        playlist = self._feed.resume(stored.standing(lease.stream, lease.session, window, longest) or empty)
        if playlist is None:
            lease.move(names.new_session(self._context.clock()))
            return empty
        return playlist

    def _finish(self, session: str) -> None:
        """Closes a session whose publisher did not."""
        try:
            known = stored.close(self._lease.stream, session)
            self._context.record(self._lease.stream, session, {"reconnect_until": None}, known)
            self._lease.finished(session)
        except (GoogleAPICallError, RetryError, Unavailable) as error:  # it stays until `housekeep` closes it
            log.warning("session %s is not finished yet: %s", session, error, extra={"labels": self._labels()})

    def _read(self, media: Media) -> None:
        with media.container:
            self._context.weigh(media.picture.effort)
            still = {"still": None} if self._feed.repeatable else {}  # a file is shown as it is, pauses and all
            segmenter = Segmenter(self._rule, sound=media.sound is not None, clock=self._context.clock, **still)
            try:
                for unit in media.units():
                    if pieces := segmenter.push(unit):
                        self._publish(segmenter, media, pieces)
            except UnsupportedMedia:
                self._publish(segmenter, media, segmenter.flush())  # what came before is whole
                raise
            self._publish(segmenter, media, segmenter.flush())
            if segmenter.zero is None and not self._stretch:
                raise UnsupportedMedia("the stream ended before its first keyframe: there is nothing to show")

    def _publish(self, segmenter: Segmenter, media: Media, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            if not self._feed.wants(piece):
                continue
            self._context.weigh(media.picture.effort)  # pictures may have become larger
            assert segmenter.zero is not None and segmenter.started is not None
            if piece.sequence == 0:
                begins = self._feed.begins(segmenter.started)
                self._base = self._session.position.continue_at(begins, seam=self._stretch > 0)
            if not self._feed.repeatable and not self._session.fits(piece.duration):
                self._roll_over(piece)
            dropped = media.timeline.dropped + segmenter.lost
            self._session.describe(metadata.of(media) | {"repaired": media.timeline.repaired, "dropped": dropped})
            sound = media.sound.template if media.sound else None
            self._check(piece, media)
            data = mpegts.write(piece.units, segmenter.zero - self._base, media.picture.template, sound)
            self._session.put(self._base + piece.start, piece.duration, data, fresh=piece.fresh)

    def _check(self, piece: Piece, media: Media) -> None:
        """Raises UnsupportedMedia if the segment's pictures are larger or more a second, or its bytes more, than are
        accepted."""
        pictures = sum(unit.video for unit in piece.units)
        check_rate(media.picture.format.width, media.picture.format.height, pictures, seconds(piece.duration))
        self._bit_rate.add(sum(unit.packet.size for unit in piece.units), seconds(piece.duration))

    def _roll_over(self, piece: Piece) -> None:
        """Ends the session and continues in another: the piece is longer than the target duration, which is fixed."""
        before, instant = self._session, self._session.position.instant(self._base + piece.start)
        self._lease.move(names.new_session(self._context.clock()))
        settings = self._context.settings
        self._session = Session(
            self._context, self._lease.session, Playlist(settings.max_segment_seconds, settings.playlist_window)
        )
        self._session.open({})
        before.close()
        before.say({"reconnect_until": None}, ended=True)
        self._lease.finished(before.id)
        self._base = self._session.position.continue_at(instant) - piece.start
        self._session.fits(piece.duration)

    def _labels(self) -> dict[str, Any]:
        return {"stream": self._lease.stream, "session": self._lease.session}
