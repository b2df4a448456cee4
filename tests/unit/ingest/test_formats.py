"""A sender whose pictures or sound become others under way: a discontinuity, not an error."""

from __future__ import annotations

import io
from pathlib import Path

import av
import numpy as np
import pytest
from tests.unit.ingest.clips import made
from tests.unit.ingest.world import sent, sizes


@pytest.mark.parametrize("kind", ["mpegts", "flv"])
def test_another_size_under_way_follows_a_discontinuity(tmp_path: Path, kind: str) -> None:
    first, second = (made(tmp_path, n, kind, s, t) for n, s, t in (("a", "320x180", 0), ("b", "640x360", 4)))
    if kind == "flv":
        second = second[13:]  # without its file header: as an encoder goes on

    storage, records = sent(first + second)

    assert sizes(storage) == [(320, 180)] * 2 + [(640, 360)] * 2
    assert [segment.discontinuity for segment, _ in storage.segments] == [False, False, True, False]
    assert (records.session()["width"], records.session()["height"]) == (640, 360)
    assert records.states()[-1] == "ended"


def test_another_profile_under_way_follows_a_discontinuity(tmp_path: Path) -> None:
    first = made(tmp_path, "a", "mpegts", "320x180", 0, "-profile:v", "baseline")
    second = made(tmp_path, "b", "mpegts", "320x180", 4, "-preset", "medium", "-profile:v", "high")

    storage, records = sent(first + second)

    assert [segment.discontinuity for segment, _ in storage.segments] == [False, False, True, False]
    assert records.session()["codecs"].startswith("avc1.64")


def test_what_is_transcoded_follows_the_size_of_its_pictures(tmp_path: Path) -> None:
    options = ("-c:v", "mpeg2video")
    first = made(tmp_path, "a", "mpegts", "320x180", 0, *options)
    second = made(tmp_path, "b", "mpegts", "640x360", 4, *options)

    storage, records = sent(first + second)

    assert set(sizes(storage)) == {(320, 180), (640, 360)}
    assert sum(segment.discontinuity for segment, _ in storage.segments) == 1
    assert (records.session()["width"], records.session()["height"]) == (640, 360)


def test_the_same_parameters_again_are_no_discontinuity(tmp_path: Path) -> None:
    data = made(tmp_path, "a", "mpegts", "320x180", 0)

    storage, _ = sent(data + data)

    assert not any(segment.discontinuity for segment, _ in storage.segments)


def test_what_is_transcoded_follows_the_form_of_its_sound(tmp_path: Path) -> None:
    first = made(tmp_path, "a", "mpegts", "320x180", 0, coded=("mp2", "-ac", "2", "-ar", "48000"))
    second = made(tmp_path, "b", "mpegts", "320x180", 4, coded=("mp2", "-ac", "1", "-ar", "32000"))

    storage, _ = sent(first + second)

    assert len(storage.segments) == 4
    for _, data in storage.segments:
        with av.open(io.BytesIO(data), "r") as container:
            frames = list(container.decode(audio=0))
        assert {(frame.sample_rate, frame.layout.name) for frame in frames} == {(48_000, "stereo")}
        loud = np.concatenate([frame.to_ndarray()[0] for frame in frames])
        assert loud.size == pytest.approx(2 * 48_000, rel=0.1)
        assert np.sqrt(np.mean(loud**2)) > 0.05
