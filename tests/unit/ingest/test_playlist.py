"""Playlists, and the linter that judges them, which must catch what is wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lint.hls import lint, lint_revisions, parse

from pipeline.domain.model import Segment, SegmentRef
from pipeline.domain.playlist import Playlist, rebuilt

STARTED = datetime(2026, 1, 31, 12, tzinfo=UTC)


def filled(durations: list[float], window: float = 120.0, breaks: set[int] | None = None) -> list[Playlist]:
    """One playlist, and with it each revision's text through `revisions`."""
    playlist, at = Playlist(12, window), 0.0
    for number, duration in enumerate(durations):
        instant = STARTED + timedelta(milliseconds=round(at * 1000))
        ref = SegmentRef("cam", "s", number)
        playlist.add(Segment(ref, at, duration, instant, number in (breaks or set())))
        at += duration
    return [playlist]


def revisions(durations: list[float], window: float, breaks: set[int]) -> list[str]:
    texts = [filled(durations[: n + 1], window, breaks)[0].live() for n in range(len(durations))]
    return [*texts, filled(durations, window, breaks)[0].live(ended=True)]


def test_a_live_playlist_reads_as_hls_clients_expect() -> None:
    assert filled([2.0, 2.002])[0].live() == (
        "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:12\n#EXT-X-MEDIA-SEQUENCE:0\n"
        "#EXT-X-DISCONTINUITY-SEQUENCE:0\n#EXT-X-INDEPENDENT-SEGMENTS\n"
        "#EXT-X-PROGRAM-DATE-TIME:2026-01-31T12:00:00.000Z\n#EXTINF:2.000000,\n../../../segments/cam/s/00000000.ts\n"
        "#EXT-X-PROGRAM-DATE-TIME:2026-01-31T12:00:02.000Z\n#EXTINF:2.002000,\n../../../segments/cam/s/00000001.ts\n"
    )


def test_the_window_moves_and_the_whole_session_stays() -> None:
    [playlist] = filled([2.0] * 100)
    live, vod = parse(playlist.live()), parse(playlist.vod())

    assert [item.sequence for item in live.items] == list(range(40, 100))
    assert len(vod.items) == 100
    assert vod.ended and not live.ended


def test_a_window_is_never_shorter_than_three_target_durations() -> None:
    [playlist] = filled([2.0] * 100, window=4.0)

    assert sum(item.duration or 0 for item in parse(playlist.live()).items) == 36.0


@given(
    durations=st.lists(st.integers(90_000, 12 * 90_000).map(lambda ticks: ticks / 90_000), min_size=1, max_size=60),
    window=st.floats(1, 60),
    breaks=st.sets(st.integers(1, 59), max_size=5),
)
def test_every_revision_follows_the_rules(durations: list[float], window: float, breaks: set[int]) -> None:
    assert lint_revisions(revisions(durations, window, breaks)) == []


GOOD = filled([2.0, 2.0, 2.0])[0].live()


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (GOOD.replace("#EXTINF:2.000000", "#EXTINF:12.500000", 1), "more than the target duration"),
        (GOOD.replace("#EXTINF:2.000000", "#EXTINF:0.000000", 1), "lasts nothing"),
        (GOOD.replace("#EXTM3U\n", ""), "does not begin with #EXTM3U"),
        ("\ufeff" + GOOD, "byte order mark"),
        (GOOD.encode() + b"\xff", "not UTF-8"),
        (GOOD.replace("#EXT-X-TARGETDURATION:12\n", ""), "no EXT-X-TARGETDURATION"),
        (GOOD.replace("#EXT-X-VERSION:6\n", "#EXT-X-VERSION:6\n#EXT-X-VERSION:7\n"), "comes 2 times"),
        (GOOD.replace("#EXTINF:2.000000,\n", "", 1), "has no EXTINF"),
        (GOOD.replace("#EXT-X-PROGRAM-DATE-TIME:2026-01-31T12:00:02.000Z\n", ""), "no EXT-X-PROGRAM-DATE-TIME"),
        (GOOD.replace("12:00:04.000Z", "12:00:02.000Z"), "does not rise"),
        (GOOD.replace("12:00:04.000Z", "12:00:04.005Z"), "not that of its media time"),
        (GOOD.replace("00000001.ts", "00000000.ts"), "is listed 2 times"),
        (GOOD + "#EXT-X-ENDLIST\n#EXTINF:2,\nmore.ts\n", "follows EXT-X-ENDLIST"),
        (GOOD + "#EXT-X-NONSENSE:1\n", "unknown tag"),
    ],
)
def test_the_linter_catches_a_wrong_playlist(wrong: str | bytes, fault: str) -> None:
    assert lint(GOOD) == []
    assert any(fault in found for found in lint(wrong)), lint(wrong)


LONG = [filled([2.0] * n, window=36.0, breaks={3})[0].live() for n in (20, 21, 22)]


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (LONG[::-1], "EXT-X-MEDIA-SEQUENCE fell"),
        ([LONG[0], LONG[1].replace("TARGETDURATION:12", "TARGETDURATION:6")], "EXT-X-TARGETDURATION changed"),
        ([GOOD + "#EXT-X-ENDLIST\n", GOOD], "changed after EXT-X-ENDLIST"),
        ([GOOD, GOOD.replace("00000001.ts", "00000009.ts")], "left elsewhere than at the front"),
        ([LONG[0], LONG[2].replace("DISCONTINUITY-SEQUENCE:1", "DISCONTINUITY-SEQUENCE:0")], "DISCONTINUITY-SEQUENCE"),
        ([GOOD, filled([2.0] * 4)[0].live().replace("SEQUENCE:0", "SEQUENCE:1", 1)], "left elsewhere"),
    ],
)
def test_the_linter_catches_a_wrong_change(wrong: list[str], fault: str) -> None:
    assert lint_revisions(LONG) == []
    assert any(fault in found for found in lint_revisions(wrong)), lint_revisions(wrong)


def test_a_playlist_that_was_never_written_promises_what_its_longest_segment_needs() -> None:
    segments = [
        Segment(SegmentRef("cam", "s", number), at, duration, STARTED + timedelta(seconds=at))
        for number, (at, duration) in enumerate([(0.0, 2.0), (2.0, 6.0), (8.0, 2.0)])
    ]
    playlist = rebuilt(segments, None, window=120.0, longest=12)

    assert playlist and lint(playlist.live(ended=True)) == []


def test_a_playlist_that_has_its_end_gets_no_segment_that_was_stored_later() -> None:
    [before], [after] = filled([2.0] * 40, window=36.0), filled([2.0] * 41, window=36.0)
    text = before.live(ended=True)

    playlist = rebuilt(after.segments, text, window=120.0, longest=12)

    assert playlist and playlist.live(ended=True) == text
