"""Clips that are copied: from keyframe to keyframe, each picture once, at its time."""

from __future__ import annotations

import subprocess
from functools import partial
from pathlib import Path

import pytest
from tests.unit.cutter.stored import at, session, shown, within
from tests.unit.ingest.clips import FPS

from cutter.copy import Copier, NeedsEncodingError
from cutter.output import Output
from cutter.parts import Part
from cutter.stored import Piece
from pipeline.domain.clips import Chapter
from pipeline.domain.errors import NotFound


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> list[Piece]:
    return session(tmp_path_factory.mktemp("session") / "film.ts", 12)


def copied(pieces: list[Piece], path: Path, *parts: Part) -> list[Chapter]:
    output = Output(path, 10_000_000)
    chapters = Copier(output, lambda _: None).run(parts, partial(within, pieces))
    output.close(chapters)
    return chapters


def test_a_range_is_cut_at_the_keyframes_around_it(pieces: list[Piece], tmp_path: Path) -> None:
    chapters = copied(pieces, tmp_path / "clip.mp4", Part(3.0, 5.0, ""))
    found = shown(tmp_path / "clip.mp4")
    assert found.numbers == list(range(at(2), at(6)))
    assert found.times == pytest.approx([number / FPS for number in range(4 * FPS)], abs=0.001)
    assert chapters == [Chapter(0.0, 4.0, 2.0, "")]
    assert found.sound == pytest.approx(4.0, abs=0.05)


def test_several_parts_are_joined_and_are_the_chapters(pieces: list[Piece], tmp_path: Path) -> None:
    copied(pieces, tmp_path / "clip.mp4", Part(0.5, 1.0, "one"), Part(8.5, 9.5, "two"))
    found = shown(tmp_path / "clip.mp4")
    assert found.numbers == [*range(at(2)), *range(at(8), at(10))]
    assert found.chapters == [(0.0, 2.0, "one, 0:00"), (2.0, 4.0, "two, 0:08")]


def test_the_index_stands_before_the_media(pieces: list[Piece], tmp_path: Path) -> None:
    copied(pieces, tmp_path / "clip.mp4", Part(0.0, 1.0, ""))
    data = (tmp_path / "clip.mp4").read_bytes()
    assert 0 < data.find(b"moov") < data.find(b"mdat")
    probed = subprocess.run(
        ["ffprobe", "-v", "error", "-show_streams", str(tmp_path / "clip.mp4")], capture_output=True, check=True
    )
    assert probed.stderr == b""


def test_what_has_expired_in_the_midst_is_closed_up(pieces: list[Piece], tmp_path: Path) -> None:
    left = [piece for piece in pieces if not 4 <= piece.segment.media_time < 6]
    copied(left, tmp_path / "clip.mp4", Part(3.0, 7.0, ""))
    found = shown(tmp_path / "clip.mp4")
    assert found.numbers == [*range(at(2), at(4)), *range(at(6), at(8))]
    assert found.times[-1] == pytest.approx(4.0 - 1 / FPS, abs=0.001)


def test_a_stream_without_sound_makes_a_clip_without_sound(tmp_path: Path) -> None:
    silent = session(tmp_path / "film.ts", 4, audio=None)
    copied(silent, tmp_path / "clip.mp4", Part(2.5, 3.0, ""))
    found = shown(tmp_path / "clip.mp4")
    assert (found.numbers, found.sound) == (list(range(at(2), at(4))), 0.0)


def test_another_size_in_the_midst_can_not_be_copied(pieces: list[Piece], tmp_path: Path) -> None:
    other = session(tmp_path / "film.ts", 4, fps=50)
    with pytest.raises(NeedsEncodingError):
        copied([pieces[0], other[1]], tmp_path / "clip.mp4", Part(0.0, 4.0, ""))


def test_what_is_not_stored_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nothing of what was asked for is stored"):
        copied([], tmp_path / "clip.mp4", Part(0.0, 4.0, ""))
