"""Cutting, over units without pictures: what goes where."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.media.cut import CutRule
from ingest.media.segmenter import Piece, Segmenter
from ingest.media.units import CLOCK, Unit
from pipeline.domain.errors import UnsupportedMedia

RULE = CutRule.of(2.0, 12)
FRAME, SOUND = CLOCK // 25, 1920
TEN = 10 * CLOCK


def picture(at: int, *, key: bool = False, size: int = 100) -> Unit:
    return Unit(cast(Any, SimpleNamespace(size=size)), True, at, at, FRAME, key)


def sound(at: int) -> Unit:
    return Unit(cast(Any, SimpleNamespace(size=10)), False, at, at, SOUND)


def video(seconds: float, gop: float = 2.0, start: int = 0) -> list[Unit]:
    every = round(gop * 25)
    return [picture(start + n * FRAME, key=n % every == 0) for n in range(round(seconds * 25))]


def audio(seconds: float, start: int = 0) -> list[Unit]:
    return [sound(start + n * SOUND) for n in range(round(seconds * CLOCK) // SOUND)]


def interleaved(*streams: list[Unit], lag: int = 0) -> list[Unit]:
    """In order of time; sound comes `lag` ticks after the pictures it belongs to."""
    return sorted((unit for stream in streams for unit in stream), key=lambda u: u.dts + (0 if u.video else lag))


def cut(units: Iterable[Unit], *, hears: bool = True) -> list[Piece]:
    segmenter = Segmenter(RULE, sound=hears)
    pieces = [piece for unit in units for piece in segmenter.push(unit)]
    return pieces + list(segmenter.flush())


def check(pieces: list[Piece], zero: int = 0) -> None:
    """What holds of every session."""
    at = 0
    for number, piece in enumerate(pieces):
        first, end = piece.units[0], zero + piece.start + piece.duration
        assert piece.sequence == number
        assert piece.start == at
        assert next(u for u in piece.units if u.video).key
        assert min(u.pts for u in piece.units) == zero + piece.start, first
        assert all(u.pts < end for u in piece.units) or piece is pieces[-1]
        at += piece.duration


@pytest.mark.parametrize("lag", [0, CLOCK // 2, 2 * CLOCK, 4 * CLOCK, -CLOCK])
def test_sound_goes_to_the_segment_of_its_time_however_it_lags_or_leads(lag: int) -> None:
    units = interleaved(video(10), audio(10), lag=lag)

    pieces = cut(units)

    check(pieces)
    assert [piece.duration / CLOCK for piece in pieces] == [2.0] * 5
    assert sum(len(piece.units) for piece in pieces) == len(units)


def test_fragments_longer_than_segments_keep_their_sound() -> None:
    units = [*video(4), *audio(4), *video(4, start=4 * CLOCK), *audio(4, start=4 * CLOCK)]

    pieces = cut(units)

    check(pieces)
    assert sum(len(piece.units) for piece in pieces) == len(units)


def test_a_microphone_that_falls_silent_delays_the_picture_once() -> None:
    segmenter = Segmenter(RULE, sound=True)
    waited: list[float] = []
    for unit in interleaved(video(40), audio(4)):
        for piece in segmenter.push(unit):
            waited.append((unit.dts - piece.start - piece.duration) / CLOCK)

    assert max(waited) < 5.2
    assert waited[6:] and max(waited[6:]) == 0.0


def test_a_stream_without_sound_is_cut_at_the_very_keyframe() -> None:
    segmenter = Segmenter(RULE, sound=False)
    pieces = [(unit.dts, piece) for unit in video(5) for piece in segmenter.push(unit)]

    assert [at / CLOCK for at, _ in pieces] == [2.0, 4.0]


def test_what_precedes_the_first_keyframe_is_left_out() -> None:
    units = interleaved([picture(n * FRAME) for n in range(25)], video(4, start=CLOCK), audio(5))

    pieces = cut(units)

    check(pieces, zero=CLOCK)
    assert sum(u.video for piece in pieces for u in piece.units) == 100
    assert min(u.pts for piece in pieces for u in piece.units) == CLOCK


def test_sound_that_came_before_its_keyframe_is_kept() -> None:
    pieces = cut([*audio(1), *video(2), *audio(1, start=CLOCK)])

    check(pieces)
    assert sum(not u.video for u in pieces[0].units) == len(audio(1)) * 2


def test_the_last_segment_lasts_until_its_last_picture_ends() -> None:
    pieces = cut(video(4.4), hears=False)

    assert [piece.duration / CLOCK for piece in pieces] == [2.0, pytest.approx(2.4)] or (
        [piece.duration / CLOCK for piece in pieces] == [2.0, 2.0, pytest.approx(0.4)]
    )


def test_no_keyframe_at_all_is_refused_with_what_would_be_right() -> None:
    with pytest.raises(UnsupportedMedia, match=r"no keyframe in the first 12\.\d s.*keyframe interval to 2 seconds"):
        cut(picture(n * FRAME) for n in range(25 * 20))


def test_keyframes_too_far_apart_are_refused_and_what_came_is_kept() -> None:
    segmenter = Segmenter(RULE, sound=False)
    with pytest.raises(UnsupportedMedia, match="no keyframe to cut at"):
        for unit in video(20, gop=19):
            list(segmenter.push(unit))

    [rest] = segmenter.flush()
    assert round(rest.duration / CLOCK) <= 12


def test_a_segment_that_outgrows_memory_is_refused() -> None:
    with pytest.raises(UnsupportedMedia, match="MiB"):
        cut(picture(n, key=n == 0, size=1 << 20) for n in range(100))


def test_a_picture_that_stops_ends_its_segment_and_comes_back_after_a_discontinuity() -> None:
    back = [picture(24 * CLOCK + n * FRAME, key=n % 50 == 25) for n in range(75)]
    units = interleaved(video(3), back, audio(27))

    pieces = cut(units)

    starts = [(piece.start / CLOCK, piece.duration / CLOCK, piece.fresh) for piece in pieces]
    assert starts == [(0, 2, False), (2, 1, False), (25, 2, True)]
    for piece in pieces:
        sounds = [unit.pts for unit in piece.units if not unit.video]
        assert min(sounds) >= piece.start and max(sounds) < piece.start + piece.duration


def test_a_picture_that_never_comes_back_leaves_its_sound_in_no_memory() -> None:
    segmenter = Segmenter(RULE, sound=True)
    hour = (sound(n * SOUND) for n in range(3600 * CLOCK // SOUND))

    pieces = [piece for unit in video(2) for piece in segmenter.push(unit)]
    pieces += [piece for unit in hour for piece in segmenter.push(unit)]

    assert [piece.duration / CLOCK for piece in pieces] == [2.0]
    assert segmenter.lost > 3590 * CLOCK // SOUND
    assert list(segmenter.flush()) == []


def test_pictures_of_a_live_sender_that_pause_are_not_stretched_over_the_pause() -> None:
    pieces = cut([*video(2), *video(4, start=10 * CLOCK)], hears=False)

    starts = [(piece.start / CLOCK, piece.duration / CLOCK, piece.fresh) for piece in pieces]
    assert starts == [(0, 2, False), (10, 2, True), (12, 2, False)]


@pytest.mark.parametrize("still", [None, 5 * CLOCK])
def test_pictures_that_all_come_ten_seconds_apart_are_no_pauses(still: int | None) -> None:
    segmenter = Segmenter(RULE, sound=False, still=still)
    sparse = [picture(at, key=True) for at in range(0, 6 * TEN, TEN)]

    pieces = [piece for unit in sparse for piece in segmenter.push(unit)]

    assert [(piece.start, piece.duration) for piece in pieces[1:]] == [(n * TEN, TEN) for n in range(1, 5)]
    assert not any(piece.fresh for piece in pieces[2:])


def test_keyframes_that_are_no_idr_pictures_are_named() -> None:
    opens = [
        Unit(cast(Any, SimpleNamespace(size=10)), True, at, at, FRAME, open=True) for at in range(0, 20 * CLOCK, FRAME)
    ]

    with pytest.raises(UnsupportedMedia, match=r"no keyframe in the first 12\.\d s.*no IDR.*closed GOP"):
        cut(opens, hears=False)
    with pytest.raises(UnsupportedMedia, match=r"no keyframe to cut at.*no IDR.*closed GOP"):
        cut([picture(-FRAME, key=True), *opens], hears=False)


@pytest.mark.parametrize("change", [CLOCK, 2 * CLOCK, 3 * CLOCK - SOUND, 4 * CLOCK + SOUND])
def test_a_segment_has_sound_of_one_form_whenever_it_changes(change: int) -> None:
    sounds = audio(8)
    for unit in sounds:
        unit.form = int(unit.pts >= change)

    pieces = cut(interleaved(video(8), sounds))

    forms = [{unit.form for unit in piece.units if not unit.video} for piece in pieces]
    assert all(len(form) == 1 for form in forms)
    assert [piece.fresh for piece in pieces] == [False] + [later != before for before, later in pairwise(forms)]
    lost = len(sounds) - sum(not unit.video for piece in pieces for unit in piece.units)
    assert lost <= CLOCK // SOUND + 1


def test_sound_before_the_first_picture_is_counted_as_lost() -> None:
    segmenter = Segmenter(RULE, sound=True)
    units = [*audio(3), *video(2, start=3 * CLOCK), *audio(2, start=3 * CLOCK)]

    pieces = [piece for unit in units for piece in segmenter.push(unit)] + list(segmenter.flush())

    assert sum(not unit.video for piece in pieces for unit in piece.units) == len(audio(2))
    assert len(audio(2.8)) <= segmenter.lost <= len(audio(3))


@given(
    gops=st.lists(st.integers(1, 250), min_size=1, max_size=30),
    lag=st.integers(-CLOCK, 3 * CLOCK),
    zero=st.integers(0, 1 << 34),
    hears=st.booleans(),
)
def test_nothing_is_lost_doubled_or_misplaced(gops: list[int], lag: int, zero: int, hears: bool) -> None:
    """`gops` in frames of 40 ms, at most 10 s each."""
    keys = {sum(gops[:n]) for n in range(len(gops))}
    pictures = [picture(zero + n * FRAME, key=n in keys) for n in range(sum(gops))]
    sounds = audio(sum(gops) / 25, start=zero) if hears else []

    pieces = cut(interleaved(pictures, sounds, lag=lag), hears=hears)

    check(pieces, zero)
    cut_units = [id(unit) for piece in pieces for unit in piece.units]
    assert len(cut_units) == len(set(cut_units)) == len(pictures) + len(sounds)
    assert all(piece.duration >= CLOCK for piece in pieces[:-1])
    assert all(round(piece.duration / CLOCK) <= 12 for piece in pieces)
    assert sum(piece.duration for piece in pieces) == sum(gops) * FRAME
