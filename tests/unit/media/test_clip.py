"""The clip that set-up made, against its ground truth."""

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from emulator.sample.media.make import make
from emulator.sample.media.timecode import TimeCode

INKS = {"starbucks": (0x41, 0x62, 0x00), "spotify": (0x60, 0xD7, 0x1E), "shell": (0x00, 0xD5, 0xFF)}  # BGR


@pytest.fixture(scope="module")
def pictures(clip: Path) -> dict[int, Any]:
    """Every tenth picture, by its number."""
    with av.open(str(clip)) as container:
        frames = enumerate(container.decode(video=0))
        return {number: frame.to_ndarray(format="bgr24") for number, frame in frames if number % 10 == 0}


def test_it_is_what_the_truth_says_it_is(clip: Path, truth: dict[str, Any]) -> None:
    with av.open(str(clip)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.width, video.height) == (truth["width"], truth["height"]) == (1280, 720)
        assert video.average_rate == truth["fps"]
        assert video.codec_context.name == "h264"
        assert (audio.codec_context.name, audio.rate, audio.codec_context.layout.name) == ("aac", 48_000, "stereo")
        assert container.duration == truth["duration"] * av.time_base


def test_keyframes_stand_every_two_seconds_and_nowhere_else(clip: Path, truth: dict[str, Any]) -> None:
    with av.open(str(clip)) as container:
        keys = [float(p.pts * p.time_base) for p in container.demux(video=0) if p.is_keyframe and p.pts is not None]
    assert keys == [float(second) for second in range(0, int(truth["duration"]), 2)]


def test_each_picture_carries_its_number(pictures: dict[int, Any], truth: dict[str, Any]) -> None:
    timecode = TimeCode(**truth["timecode"])
    assert {number: timecode.read(picture) for number, picture in pictures.items()} == {n: n for n in pictures}


def test_boxes_hold_the_marks_ink_and_fit_it_tightly(pictures: dict[int, Any], truth: dict[str, Any]) -> None:
    checked = 0
    for appearance in truth["appearances"]:
        ink = INKS.get(appearance["brand"])
        if ink is None:
            continue
        for number, picture in pictures.items():
            t = number / truth["fps"]
            if not appearance["from"] + 0.3 < t < appearance["to"] - 0.3:
                continue
            box = np.array(at(appearance["track"], t)) * (1280, 720, 1280, 720)
            found = extent(picture, ink, box)
            assert found == pytest.approx(tuple(box), abs=3.0), (appearance["brand"], t)
            checked += 1
    assert checked > 20


def test_making_it_again_changes_nothing(clip: Path) -> None:
    before = clip.stat().st_mtime_ns
    told: list[int] = []
    media = make(clip.parent, 12, lambda done, _all: told.append(done))
    assert media.clip.stat().st_mtime_ns == before
    assert told == []


def at(track: list[dict[str, float]], t: float) -> tuple[float, float, float, float]:
    """The documented rule, written down a second time: points joined linearly."""
    times = [point["t"] for point in track]
    x, y, width, height = (
        float(np.interp(t, times, [point[name] for point in track])) for name in ("x", "y", "width", "height")
    )
    return x, y, width, height


def extent(picture: Any, ink: tuple[int, int, int], box: Any) -> tuple[float, float, float, float]:
    """Where the ink is, in px, looked for in the box and a little around it."""
    margin = 12
    left, top = int(box[0]) - margin, int(box[1]) - margin
    region = picture[top : int(box[1] + box[3]) + margin, left : int(box[0] + box[2]) + margin].astype(int)
    close = np.abs(region - np.array(ink)).max(axis=2) < 70
    rows, columns = np.flatnonzero(close.sum(axis=1) > 1), np.flatnonzero(close.sum(axis=0) > 1)
    x, y = float(left + columns[0]), float(top + rows[0])
    return x, y, float(columns[-1] - columns[0] + 1), float(rows[-1] - rows[0] + 1)
