"""A file as a feed: its times are known beforehand, and it can be read again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ingest.media.cut import CutRule
from ingest.media.files import open_file
from ingest.media.segmenter import Piece
from ingest.media.source import Media
from pipeline.domain.errors import Conflict
from pipeline.domain.playlist import Playlist

from .remote import RemoteFile


class FileFeed:
    """Reads the file from its start and leaves out the pieces that an attempt before has stored.

    Cutting is deterministic: the same file gives the same pieces, so that the session continues without a seam.
    """

    repeatable = True

    def __init__(self, file: RemoteFile, uploaded: datetime, longest: int, *, resumed: bool) -> None:
        """`uploaded`: the program date time of media time 0. `longest`: the target duration, in seconds. `resumed`:
        whether the lease was taken over from an attempt before."""
        self._file = file
        self._longest = longest
        self._uploaded = uploaded
        self._resumed = resumed
        self._stored = 0
        self._late = False

    @property
    def broken(self) -> bool:
        """See Source."""
        return self._file.broken

    def resume(self, stored: Playlist) -> Playlist:
        """See Feed: the segments before the first gap. They are stored in parallel, and one may overtake another."""
        self._late = bool(stored.segments) and (stored.ended or not self._resumed)
        playlist = Playlist(self._longest, stored.window)
        for segment in () if self._late else stored.segments:
            if segment.ref.sequence == len(playlist.segments):
                playlist.add(segment)
        self._stored = len(playlist.segments)
        return playlist

    def stretches(self, rule: CutRule) -> Iterator[Media]:
        """See Feed. Raises Conflict if this attempt comes too late."""
        if self._late:
            raise Conflict("the import broke off and was not continued in time: upload the file again")
        yield open_file(self._file, rule)

    def begins(self, arrived: datetime) -> datetime:
        """See Feed: when the file was there."""
        return self._uploaded

    def wants(self, piece: Piece) -> bool:
        """See Feed."""
        return piece.sequence >= self._stored
