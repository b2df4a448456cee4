"""The linter is right: for every rule a playlist that breaks it, which it must catch, and one that keeps all."""

from __future__ import annotations

import pytest
from tests.lint import change, single
from tests.lint.hls import lint, lint_revisions
from tests.unit.lint.playlists import playlist

GOOD = playlist(0, 3)
VOD = GOOD.replace("#EXT-X-INDEPENDENT", "#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT") + "#EXT-X-ENDLIST\n"
RIGHT = [
    GOOD,
    VOD,
    GOOD.replace("\n", "\r\n"),
    GOOD.replace("#EXTINF", "# a comment\n#EXTINF"),
    GOOD.encode(),
    playlist(4, 20, breaks=(4, 9), gone=2),
    playlist(0, 3, end="#EXT-X-ENDLIST\n"),
    playlist(0, 0),
]
WRONG: list[tuple[str, str | bytes]] = [
    ("encoding", "\ufeff" + GOOD),
    ("encoding", GOOD.encode() + b"\xff"),
    ("header", GOOD.removeprefix("#EXTM3U\n")),
    ("header", "\n".join(["#EXT-X-VERSION:6", *GOOD.split("\n")])),
    ("syntax", GOOD.replace("TARGETDURATION:6", "TARGETDURATION:6.5")),
    ("syntax", GOOD.replace("MEDIA-SEQUENCE:0", "MEDIA-SEQUENCE:-1")),
    ("syntax", GOOD.replace("#EXTINF:2.000000,", "#EXTINF:2.000000", 1)),
    ("syntax", GOOD.replace("#EXTINF:2.000000,", "#EXTINF:nan,", 1)),
    ("syntax", GOOD.replace("12:00:02.000Z", "12:00:02.000")),
    ("syntax", GOOD.replace("12:00:02.000Z", "yesterday")),
    ("tags", GOOD + "#EXT-X-NONSENSE:1\n"),
    ("tags", GOOD.replace("#EXT-X-TARGETDURATION:6\n", "")),
    ("tags", GOOD.replace("#EXT-X-VERSION:6\n", "#EXT-X-VERSION:6\n#EXT-X-VERSION:7\n")),
    ("tags", GOOD.replace("#EXT-X-INDEPENDENT-SEGMENTS\n", "#EXT-X-INDEPENDENT-SEGMENTS\n" * 2)),
    ("version", GOOD.replace("VERSION:6", "VERSION:2")),
    ("order", GOOD.replace("#EXT-X-MEDIA-SEQUENCE:0\n", "") + "#EXT-X-MEDIA-SEQUENCE:0\n"),
    ("order", GOOD + "#EXTINF:2.0,\n"),
    ("after-end", GOOD + "#EXT-X-ENDLIST\n#EXTINF:2,\nmore.ts\n"),
    ("vod-is-whole", VOD.replace("#EXT-X-ENDLIST\n", "")),
    ("vod-is-whole", VOD.replace("MEDIA-SEQUENCE:0", "MEDIA-SEQUENCE:1")),
    ("durations", GOOD.replace("#EXTINF:2.000000", "#EXTINF:6.500000", 1)),
    ("durations", GOOD.replace("#EXTINF:2.000000", "#EXTINF:0.000000", 1)),
    ("durations", GOOD.replace("#EXTINF:2.000000,\n", "", 1)),
    ("dates", GOOD.replace("#EXT-X-PROGRAM-DATE-TIME:2026-01-31T12:00:02.000Z\n", "")),
    ("dates", GOOD.replace("12:00:04.000Z", "12:00:02.000Z")),
    ("dates", GOOD.replace("12:00:04.000Z", "12:00:04.005Z")),
    ("dates", playlist(0, 3, breaks=(2,)).replace("12:00:04.000Z", "12:00:01.000Z")),
    ("uris", GOOD.replace("00000001.ts", "00000000.ts")),
    ("uris", GOOD.replace("00000001.ts", "00000001.ts?key=secret")),
    ("lines", GOOD.replace("#EXTINF:2.000000,", "#EXTINF:2.000000,\x07", 1)),
    ("lines", GOOD.replace("00000001.ts", "00000001.ts ")),
]


@pytest.mark.parametrize("text", RIGHT)
def test_a_right_playlist_passes(text: str | bytes) -> None:
    assert lint(text) == []


@pytest.mark.parametrize(("rule", "text"), WRONG)
def test_a_wrong_playlist_is_caught_by_its_rule(rule: str, text: str | bytes) -> None:
    assert any(fault.startswith(f"{rule}: ") for fault in lint(text)), lint(text)


LIVE = [playlist(number, 12, breaks=(3,), gone=int(number > 3)) for number in range(8)]
RIGHT_CHANGES = [
    LIVE,
    [playlist(0, n) for n in range(6)],
    [playlist(0, 12), playlist(50, 12, gone=3)],  # what came and left in between was never seen
    [GOOD, GOOD, GOOD + "#EXT-X-ENDLIST\n", GOOD + "#EXT-X-ENDLIST\n"],
    [LIVE[0], playlist(8, 4, gone=1, end="#EXT-X-ENDLIST\n")],
]
WRONG_CHANGES = [
    ("ended-stays", [GOOD + "#EXT-X-ENDLIST\n", GOOD]),
    ("ended-stays", [playlist(0, 3, end="#EXT-X-ENDLIST\n"), playlist(0, 4, end="#EXT-X-ENDLIST\n")]),
    ("target-stays", [GOOD, GOOD.replace("TARGETDURATION:6", "TARGETDURATION:7")]),
    ("type-stays", [GOOD, VOD]),
    ("sequence-rises", [LIVE[1], LIVE[0]]),
    ("front-leaves", [GOOD, GOOD.replace("00000001.ts", "00000009.ts")]),
    ("front-leaves", [GOOD, playlist(0, 2)]),
    ("front-leaves", [GOOD, playlist(0, 4).replace("SEQUENCE:0", "SEQUENCE:1", 1)]),
    ("front-leaves", [GOOD, playlist(0, 3, breaks=(1,))]),
    ("discontinuities-counted", [LIVE[3], playlist(4, 12)]),
    ("discontinuities-counted", [playlist(0, 12), playlist(1, 12, gone=1)]),
    ("discontinuities-counted", [playlist(0, 12, breaks=(2,)), playlist(13, 12, gone=3)]),
    ("enough-stays", [playlist(0, 9), playlist(1, 8)]),
]


@pytest.mark.parametrize("revisions", RIGHT_CHANGES)
def test_a_right_change_passes(revisions: list[str]) -> None:
    assert lint_revisions(revisions) == []


@pytest.mark.parametrize(("rule", "revisions"), WRONG_CHANGES)
def test_a_wrong_change_is_caught_by_its_rule(rule: str, revisions: list[str]) -> None:
    found = lint_revisions(revisions)
    assert any(fault.startswith(f"revision 1: {rule}: ") for fault in found), found


def test_every_rule_has_a_playlist_that_breaks_it() -> None:
    assert {rule for rule, _ in WRONG} == {"encoding", *single.RULES}
    assert {rule for rule, _ in WRONG_CHANGES} == set(change.RULES)
