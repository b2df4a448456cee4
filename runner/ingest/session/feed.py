"""Feeds: the video that a broadcast publishes, from a live sender or from a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from pipeline.domain.playlist import Playlist

from ..media.cut import CutRule
from ..media.probe import open_media
from ..media.replay_buffer import Source
from ..media.segmenter import Piece
from ..media.source import Media
from ..media.track_changes import TrackChanges


class Feed(Protocol):
    """Video for one session, in stretches.

    `repeatable`: another attempt reads the same video again from its start. Then the session continues without a
    discontinuity, under a target duration that holds for all of it.
    """

    @property
    def repeatable(self) -> bool:
        """See above."""
        ...

    @property
    def broken(self) -> bool:
        """See Source."""
        ...

    def resume(self, stored: Playlist) -> Playlist | None:
        """The part of `stored` that the session continues; None if it needs another session. Called once, first."""
        ...

    def stretches(self, rule: CutRule) -> Iterator[Media]:
        """Opened media, one for each stretch. Raises UnsupportedMedia."""
        ...

    def begins(self, arrived: datetime) -> datetime:
        """The instant that a stretch shows first. `arrived`: when its first keyframe came."""
        ...

    def wants(self, piece: Piece) -> bool:
        """Whether to publish a piece."""
        ...


class LiveFeed:
    """A live sender: it continues with what it shows by now, in a session that has not ended."""

    repeatable = False

    def __init__(self, source: Source) -> None:
        self._source = source

    @property
    def broken(self) -> bool:
        """See Source."""
        return self._source.broken

    def resume(self, stored: Playlist) -> Playlist | None:
        """See Feed. A session that has ended is not continued."""
        return None if stored.ended else stored

    def stretches(self, rule: CutRule) -> Iterator[Media]:
        """See Feed. Another stretch begins where the sender changes its tracks."""
        source = TrackChanges(self._source)
        follows = True
        while follows:
            media = open_media(source, rule)
            source.opened(sound=media.sound is not None)
            yield media
            follows = source.go_on()

    def begins(self, arrived: datetime) -> datetime:
        """See Feed."""
        return arrived

    def wants(self, piece: Piece) -> bool:
        """See Feed."""
        return True
