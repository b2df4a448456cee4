"""Clips that are encoded: from frame to frame, with boxes on the very frames."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import av
import numpy as np
import pytest
from tests.unit.cutter.stored import at, session, shown, within
from tests.unit.ingest.clips import FPS

from cutter import boxes
from cutter.draw import Place
from cutter.encode import Encoder
from cutter.output import Output
from cutter.parts import Part
from cutter.still import still
from cutter.stored import Piece
from pipeline.domain.clips import Chapter
from pipeline.reports.model import UNIT, Observation, Rect, Way

Places = Callable[[Part], Callable[[int], Sequence[Place]]]


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> list[Piece]:
    return session(tmp_path_factory.mktemp("session") / "film.ts", 12)


def encoded(
    pieces: list[Piece], path: Path, *parts: Part, places: Places | None = None, sound: bool = True
) -> list[Chapter]:
    output = Output(path, 10_000_000)
    encoder = Encoder(output, lambda _: None, places, rate=FPS, sound=sound)
    chapters = encoder.run(parts, partial(within, pieces))
    output.close(chapters)
    return chapters


def test_a_range_is_cut_at_its_very_frames(pieces: list[Piece], tmp_path: Path) -> None:
    chapters = encoded(pieces, tmp_path / "clip.mp4", Part(3.2, 5.0, ""))
    found = shown(tmp_path / "clip.mp4")
    assert found.numbers == list(range(at(3.2), at(5.0)))
    assert found.times == pytest.approx([number / FPS for number in range(45)], abs=0.001)
    assert chapters == [Chapter(0.0, 1.8, 3.2, "")]
    assert found.sound == pytest.approx(1.8, abs=0.03)


def test_a_reel_has_the_frames_of_each_part_and_no_other(pieces: list[Piece], tmp_path: Path) -> None:
    encoded(pieces, tmp_path / "clip.mp4", Part(0.4, 1.0, "one"), Part(5.6, 6.4, "two"), Part(11.0, 13.0, "three"))
    found = shown(tmp_path / "clip.mp4")
    assert found.numbers == [*range(at(0.4), at(1.0)), *range(at(5.6), at(6.4)), *range(at(11.0), at(12.0))]
    assert found.chapters == [(0.0, 0.6, "one, 0:00"), (0.6, 1.4, "two, 0:05"), (1.4, 2.4, "three, 0:11")]


def test_the_tone_of_a_part_is_its_own(pieces: list[Piece], tmp_path: Path) -> None:
    """The clip's tone lasts throughout: it has no hole at a seam, nor where a segment begins."""
    encoded(pieces, tmp_path / "clip.mp4", Part(1.4, 2.6, "one"), Part(7.1, 8.1, "two"))
    with av.open(str(tmp_path / "clip.mp4")) as container:
        heard = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    loud = [float(np.abs(part).max()) for part in np.array_split(heard[2400:-2400], 80)]
    assert min(loud) > 0.5 * max(loud)


def test_silence_takes_the_place_of_sound_that_is_missing(pieces: list[Piece], tmp_path: Path) -> None:
    silent = session(tmp_path / "film.ts", 4, audio=None)
    encoded(silent, tmp_path / "clip.mp4", Part(1.0, 3.0, ""))
    assert shown(tmp_path / "clip.mp4").sound == pytest.approx(2.0, abs=0.03)
    encoded(silent, tmp_path / "none.mp4", Part(1.0, 3.0, ""), sound=False)
    assert shown(tmp_path / "none.mp4").sound == 0


def test_boxes_are_drawn_on_the_frames_on_which_things_are(pieces: list[Piece], tmp_path: Path) -> None:
    here, there = Rect(UNIT // 4, UNIT // 2, UNIT // 8, UNIT // 4), Rect(UNIT // 2, UNIT // 2, UNIT // 8, UNIT // 4)
    way = Way("Acme", ((3000, here), (4000, there)))
    known = [Observation(3000, 4000, (), ways=(way,)), Observation(4000, 6000, (), ways=())]
    encoded(pieces, tmp_path / "boxed.mp4", Part(2.0, 5.0, ""), places=lambda _: boxes.at(known, None))
    encoded(pieces, tmp_path / "plain.mp4", Part(2.0, 5.0, ""))
    differ: list[tuple[int, int] | None] = []
    with av.open(str(tmp_path / "boxed.mp4")) as boxed, av.open(str(tmp_path / "plain.mp4")) as plain:
        for one, other in zip(boxed.decode(video=0), plain.decode(video=0), strict=True):
            grays = [frame.to_ndarray(format="gray").astype(int) for frame in (one, other)]
            columns = np.flatnonzero((np.abs(grays[0] - grays[1]) > 40)[120:130].any(axis=0))
            differ.append((int(columns.min()), int(columns.max())) if columns.size else None)
    assert [number for number, found in enumerate(differ) if found] == list(range(at(1.0), at(2.0)))
    assert differ[at(1.0)] == pytest.approx((80, 120), abs=3)
    assert differ[at(2.0) - 1] == pytest.approx((158, 198), abs=4)


def test_a_still_is_the_frame_that_is_on_the_screen_then(pieces: list[Piece], tmp_path: Path) -> None:
    part = Part(3.37, 3.37, "")
    near = [piece for piece in pieces if piece.segment.media_time <= 3.37 < piece.end]
    assert still(part.start, near, None, tmp_path / "still.jpg") == [Chapter(0.0, 0.0, 3.36, "")]
    assert shown(tmp_path / "still.jpg").numbers == [at(3.36)]
