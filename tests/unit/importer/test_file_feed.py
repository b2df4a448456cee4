"""A file's feed: another attempt continues what is stored, in the same session, unless it comes too late."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from importer.file_feed import FileFeed
from importer.remote import RemoteFile
from ingest.media.cut import CutRule
from ingest.media.segmenter import Piece
from ingest.session.feed import LiveFeed
from pipeline.domain.errors import Conflict
from pipeline.domain.model import Segment, SegmentRef
from pipeline.domain.playlist import Playlist

UPLOADED = datetime(2026, 1, 31, tzinfo=UTC)


def feed(*, resumed: bool) -> FileFeed:
    return FileFeed(RemoteFile(lambda first, last: b"", 0), UPLOADED, 12, resumed=resumed)


def stored(*sequences: int, ended: bool = False) -> Playlist:
    playlist = Playlist(4, 120.0, ended=ended)
    for number in sequences:
        playlist.add(Segment(SegmentRef("cam", "s", number), number * 2.0, 2.0, UPLOADED))
    return playlist


def test_what_is_stored_before_a_gap_is_kept_and_not_published_again() -> None:
    attempt = feed(resumed=True)
    kept = attempt.resume(stored(0, 1, 3))
    assert [segment.ref.sequence for segment in kept.segments] == [0, 1]
    assert [attempt.wants(Piece(number, 0, 1, [])) for number in range(4)] == [False, False, True, True]


def test_the_target_duration_is_the_longest_whatever_was_stored() -> None:
    assert feed(resumed=True).resume(stored(0)).target_duration == 12


@pytest.mark.parametrize(("found", "resumed"), [(stored(0, ended=True), True), (stored(0), False)])
def test_an_attempt_that_comes_too_late_says_what_to_do(found: Playlist, resumed: bool) -> None:
    attempt = feed(resumed=resumed)
    assert attempt.resume(found).segments == []
    with pytest.raises(Conflict, match="upload the file again"):
        next(attempt.stretches(CutRule.of(2.0, 12)))


def test_media_time_0_is_the_upload() -> None:
    assert feed(resumed=False).begins(datetime.now(UTC)) == UPLOADED


class Silent:
    broken = False

    def read(self, size: int, /) -> bytes:
        return b""


def test_a_live_sender_never_continues_a_session_that_ended() -> None:
    live = LiveFeed(Silent())
    assert live.resume(stored(0, ended=True)) is None
    going = stored(0, 1)
    assert live.resume(going) is going
