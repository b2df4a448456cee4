"""What is stored while a playlist changes is judged too: by the watch itself, by the stand-in, by the journal."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.lint.plugin import Journal
from tests.lint.segments import lint_segment
from tests.lint.watch import PlaylistWatch
from tests.unit.ingest.clips import make_clip
from tests.unit.ingest.world import publish
from tests.unit.lint.playlists import playlist

NAME = "playlists/cam/s/index.m3u8"


def name(number: int) -> str:
    return f"segments/cam/s/{number:08}.ts"


def metadata(number: int, **other: str) -> dict[str, str]:
    minute, second = divmod(2 * number, 60)
    date = f"2026-01-31T12:{minute:02}:{second:02}.000Z"
    said = {"media-time": f"{2 * number}", "duration": "2", "program-date-time": date, "discontinuity": "false"}
    return said | {key.replace("_", "-"): value for key, value in other.items()}


def watch_with(*numbers: int, **other: str) -> PlaylistWatch:
    watch = PlaylistWatch()
    for number in numbers:
        watch.segment(name(number), None, metadata(number, **other))
    return watch


def test_a_segment_that_is_listed_before_it_is_durable_is_caught() -> None:
    watch = watch_with(0, 1)
    watch.playlist(NAME, playlist(0, 2), at=4.0)
    assert watch.settle() == []
    watch.playlist(NAME, playlist(0, 3), at=6.0)
    watch.segment(name(2), None, metadata(2))

    [fault] = watch.settle()
    assert "durable: names segments/cam/s/00000002.ts" in fault


@pytest.mark.parametrize(
    "other", [{"duration": "2.2"}, {"discontinuity": "true"}, {"program_date_time": "2026-01-31T13:00:00Z"}]
)
def test_metadata_that_say_other_than_the_playlist_are_caught(other: dict[str, str]) -> None:
    watch = watch_with(0, **other)
    watch.playlist(NAME, playlist(0, 1), at=2.0)

    [fault] = watch.settle()
    assert "metadata: " in fault


def gone(watch: PlaylistWatch) -> None:
    """Ten seconds after segment 0 left a playlist of 26 s at most, it is deleted."""
    watch.playlist(NAME, playlist(0, 13), at=26.0)
    watch.playlist(NAME, playlist(1, 12), at=28.0)
    watch.deleted(name(0), at=38.0)


def test_a_segment_that_is_deleted_too_early_is_caught() -> None:
    watch = watch_with(*range(13))
    gone(watch)
    [fault] = watch.settle()
    assert "stays: segments/cam/s/00000000.ts was deleted 18.0 s too early" in fault

    watch.deleted(name(1), at=90.0)
    [fault] = watch.settle()
    assert "was deleted while it was listed" in fault


def test_a_segment_may_go_once_nobody_can_still_want_it() -> None:
    watch = watch_with(*range(13))
    watch.playlist(NAME, playlist(0, 13), at=26.0)
    watch.playlist(NAME, playlist(1, 12), at=28.0)
    watch.deleted(name(0), at=56.0)

    assert watch.settle() == []


def test_a_session_may_be_deleted_as_a_whole() -> None:
    watch = watch_with(*range(13))
    gone(watch)
    for number in range(1, 13):
        watch.deleted(name(number), at=39.0)
    watch.deleted(NAME, at=40.0)

    assert watch.settle() == []


def cut(data: bytes, packets: int) -> bytes:
    return data[packets * 188 :]


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (lambda data: data[1:], "transport"),
        (lambda data: data[:188] + b"\0" + data[189:], "transport"),
        (lambda data: cut(data, 3), "tables"),  # without SDT, PAT and PMT
        (lambda data: data.replace(b"\0\0\1\x65", b"\0\0\1\x41", 1), "keyframe: does not begin"),
        (lambda data: data.replace(b"\0\0\1\x67", b"\0\0\1\x6c", 1), "keyframe: the keyframe has no parameter sets"),
        (lambda data: data[: 3 * 188], "keyframe: there is no picture"),
    ],
)
def test_a_segment_that_no_player_can_start_at_is_caught(
    tmp_path: Path, spoil: Callable[[bytes], bytes], rule: str
) -> None:
    segment, data = publish(make_clip(tmp_path / "clip.ts", seconds=2, audio=None).path).storage.segments[0]

    assert lint_segment(data, segment.media_time) == []
    assert any(fault.startswith(rule) for fault in lint_segment(spoil(data), segment.media_time))
    assert any("shown at" in fault for fault in lint_segment(data, segment.media_time + 1))


def test_a_journal_is_judged_as_it_grows(tmp_path: Path) -> None:
    path = tmp_path / "1.jsonl"
    path.touch()
    journal = Journal(path)

    def write(number: int, type_: str, name: str, data: bytes = b"", said: dict[str, str] | None = None) -> None:
        change = {"at": number, "type": type_, "bucket": "media", "name": name, "metadata": said or {}}
        if type_ == "OBJECT_FINALIZE":
            (tmp_path / f"1-{number}").write_bytes(data)
            change["bytes"] = f"1-{number}"
        with path.open("a") as file:
            file.write(json.dumps(change | {"replaced": False}) + "\n")

    write(0, "OBJECT_FINALIZE", name(0), b"", metadata(0))
    write(1, "OBJECT_FINALIZE", NAME, playlist(0, 1).encode())
    assert journal.follow() == []
    write(2, "OBJECT_FINALIZE", NAME, playlist(0, 2).encode())
    write(3, "OBJECT_DELETE", name(0))

    faults = journal.follow()
    assert ["durable" in faults[0], "deleted while it was listed" in faults[1], len(faults)] == [True, True, 2]
    assert journal.follow() == []
    assert list(tmp_path.iterdir()) == [path]
