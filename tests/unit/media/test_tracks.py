from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.sample.media.scenario import FPS, FRAMES, HEIGHT, SPONSORS, TITLES, WIDTH
from emulator.sample.media.tracks import Key, Point, Track, eased
from pipeline.domain.model import Box

LINE = Track((Point(1.0, Box(0.1, 0.2, 0.1, 0.1)), Point(3.0, Box(0.5, 0.2, 0.2, 0.1))))


def test_between_points_it_is_linear() -> None:
    box = LINE.at(2.0)
    assert box
    assert astuple(box) == pytest.approx((0.3, 0.2, 0.15, 0.1))


def test_at_its_points_it_is_exact() -> None:
    assert LINE.at(1.0) == LINE.points[0].box
    assert LINE.at(3.0) == LINE.points[1].box


def test_outside_of_its_time_there_is_nothing() -> None:
    assert LINE.at(0.999) is None
    assert LINE.at(3.001) is None


@given(st.floats(0.2, 5.0), st.floats(0, 4))
def test_a_glyph_keeps_its_shape_on_its_way(aspect: float, t: float) -> None:
    track = eased((Key(0, 300, 300, 100), Key(4, 900, 400, 200)), aspect, (WIDTH, HEIGHT))
    box = track.at(t)
    assert box is not None
    assert box.width * WIDTH / (box.height * HEIGHT) == pytest.approx(aspect, rel=0.02)


def test_easing_passes_through_its_keys_and_never_back() -> None:
    track = eased((Key(0, 300, 300, 100), Key(2, 500, 300, 100), Key(5, 900, 300, 100)), 1.0, (WIDTH, HEIGHT))
    centres = [(p.t, (p.box.x + p.box.width / 2) * WIDTH) for p in track.points]
    assert centres[0] == (0, pytest.approx(300, abs=0.1))
    assert dict(centres)[2] == pytest.approx(500, abs=0.1)
    assert centres[-1] == (5, pytest.approx(900, abs=0.1))
    assert [x for _, x in centres] == sorted(x for _, x in centres)


def test_each_mark_shows_for_4_to_8_seconds_at_90_to_220_px() -> None:
    for sponsor in SPONSORS:
        assert 4 <= sponsor.keys[-1].t - sponsor.keys[0].t <= 8, sponsor.brand
        assert all(90 <= key.side <= 220 for key in sponsor.keys), sponsor.brand


def test_marks_stay_inside_the_picture_and_off_the_time_code() -> None:
    for sponsor in SPONSORS:
        for aspect in (0.5, 1.0, 2.8):
            for point in eased(sponsor.keys, aspect, (WIDTH, HEIGHT)).points:
                box = point.box
                assert box.x > 0 and box.y * HEIGHT > 40, sponsor.brand
                assert box.x + box.width < 1 and box.y + box.height < 1, sponsor.brand


def test_there_are_stretches_without_a_mark_and_moments_with_two() -> None:
    counts = [sum(s.keys[0].t <= n / FPS <= s.keys[-1].t for s in SPONSORS) for n in range(FRAMES)]
    assert max(counts) >= 2
    empty = "".join("_" if count == 0 else "x" for count in counts).split("x")
    assert sum(len(run) >= 4 * FPS - 1 for run in empty) >= 2  # at least two, of 4 s each


def test_titles_show_within_the_clip() -> None:
    assert all(0 < title.start < title.end < FRAMES / FPS for title in TITLES)
