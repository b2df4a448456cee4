"""A file as a session: like what a sender publishes, but its times are known beforehand and it can be read again.

An attempt that follows one that was killed reads the file from its start, leaves out what is stored, and goes on
without a seam: what was cut once is cut the same way again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ingest.media import mpegts
from ingest.media.files import open_file
from ingest.media.replay_buffer import Source
from ingest.media.segmenter import Piece, Segmenter
from ingest.media.source import Media
from ingest.session import metadata
from ingest.session.broadcast import Broadcast
from ingest.session.lease_keeper import Keeper
from ingest.session.session import Context
from pipeline.documents.leases import Lease
from pipeline.domain.errors import Conflict
from pipeline.domain.playlist import Playlist


class FileBroadcast(Broadcast):
    """`uploaded` is the program date time of media time 0: when the file was there."""

    def __init__(self, lease: Lease, keeper: Keeper, context: Context, uploaded: datetime) -> None:
        self._uploaded = uploaded
        self._stored = 0
        self._late = False
        super().__init__(lease, keeper, context, open_file)
        self._session.seamless()

    def _standing(self) -> Playlist:
        """Everything that is stored without a gap: segments are stored side by side, and one may have been faster."""
        settings = self._context.settings
        window, longest = settings.playlist_window, settings.max_segment_seconds
        found = self._context.storage.standing(self._lease.stream, self._lease.session, window, longest)
        self._late = found is not None and (found.ended or not self._lease.resumed)
        playlist = Playlist(longest, window)
        for segment in found.segments if found and not self._late else ():
            if segment.ref.sequence == len(playlist.segments):
                playlist.add(segment)
        self._stored = len(playlist.segments)
        return playlist

    def _pump(self, source: Source) -> None:
        if self._late:
            raise Conflict("the import broke off, and nobody went on with it in time: upload the file again")
        super()._pump(source)

    def _publish(self, segmenter: Segmenter, media: Media, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            assert segmenter.zero is not None
            if piece.sequence < self._stored:
                continue
            if piece.sequence == 0:
                self._session.continue_at(self._uploaded)
            dropped = media.timeline.dropped + segmenter.late
            self._session.describe(metadata.of(media) | {"repaired": media.timeline.repaired, "dropped": dropped})
            sound = media.sound.template if media.sound else None
            data = mpegts.write(piece.units, segmenter.zero, media.picture.template, sound)
            self._session.put(piece.start, piece.duration, data, fresh=piece.fresh)
