"""Timestamps of senders that restart, jump and repeat."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.media.timeline import GAPS_OF_FILES, Timeline
from ingest.media.units import CLOCK

FRAME = CLOCK // 25
VIDEO, AUDIO = 0, 1


def feed(timeline: Timeline, times: list[int], stream: int = VIDEO) -> list[int]:
    placed = (timeline.place(stream, dts, dts, FRAME) for dts in times)
    return [each.dts for each in placed if each]


def test_an_even_clock_passes_as_it_is() -> None:
    times = [n * FRAME for n in range(100)]
    timeline = Timeline()

    assert feed(timeline, times) == times
    assert (timeline.repaired, timeline.dropped) == (0, 0)


def test_a_repeated_packet_is_dropped_and_counted() -> None:
    timeline = Timeline()

    assert feed(timeline, [0, FRAME, FRAME, 2 * FRAME, FRAME, 3 * FRAME]) == [0, FRAME, 2 * FRAME, 3 * FRAME]
    assert (timeline.repaired, timeline.dropped) == (0, 2)


def test_a_clock_that_restarts_goes_on_where_it_was() -> None:
    timeline = Timeline()
    once = [n * FRAME for n in range(50)]

    assert feed(timeline, once + once) == [n * FRAME for n in range(100)]
    assert timeline.repaired == 1


def test_a_jump_ahead_is_closed() -> None:
    timeline = Timeline()

    assert feed(timeline, [0, FRAME, 3600 * CLOCK, 3600 * CLOCK + FRAME]) == [0, FRAME, 2 * FRAME, 3 * FRAME]
    assert timeline.repaired == 1


@pytest.mark.parametrize("first", [VIDEO, AUDIO])
@pytest.mark.parametrize("damaged", [-26 * 3600 * CLOCK, 26 * 3600 * CLOCK], ids=["earlier", "later"])
def test_the_first_picture_s_damaged_time_leaves_sound_and_picture_together(damaged: int, first: int) -> None:
    timeline, begin = Timeline(), 95_000 * CLOCK
    times = {AUDIO: [begin + n * FRAME for n in range(50)]}
    times[VIDEO] = [begin + damaged, *times[AUDIO][1:]]

    placed = [{kind: feed(timeline, [times[kind][n]], kind)[0] for kind in (first, 1 - first)} for n in range(50)]

    assert max(abs(each[VIDEO] - each[AUDIO]) for each in placed) <= 2 * FRAME
    assert abs(placed[-1][VIDEO] - placed[0][VIDEO] - 49 * FRAME) <= 2 * FRAME


def test_sound_that_comes_seconds_later_or_earlier_than_the_picture_stays_there() -> None:
    for begins in (-9 * CLOCK, -CLOCK, 4 * CLOCK):
        timeline = Timeline()
        assert feed(timeline, [0, FRAME]) == [0, FRAME]
        assert feed(timeline, [begins, begins + FRAME], AUDIO) == [begins, begins + FRAME]
        assert timeline.repaired == 0


def test_a_picture_that_would_be_shown_hours_after_its_decoding_is_shown_like_the_one_before() -> None:
    timeline = Timeline()
    times = [(0, 2 * FRAME), (FRAME, FRAME + 2**31), (2 * FRAME, 5 * FRAME)]

    placed = [timeline.place(VIDEO, dts, pts, FRAME) for dts, pts in times]

    assert [each.pts for each in placed if each] == [2 * FRAME, 3 * FRAME, 5 * FRAME]
    assert timeline.repaired == 1


def test_a_pause_of_a_few_seconds_is_kept() -> None:
    timeline = Timeline()

    assert feed(timeline, [0, FRAME, 4 * CLOCK]) == [0, FRAME, 4 * CLOCK]
    assert timeline.repaired == 0


def test_a_picture_that_its_container_says_lasts_long_is_followed_by_a_gap() -> None:
    timeline = Timeline()

    assert timeline.place(VIDEO, 0, 0, 20 * CLOCK)
    assert feed(timeline, [20 * CLOCK, 20 * CLOCK + FRAME]) == [20 * CLOCK, 20 * CLOCK + FRAME]
    assert timeline.repaired == 0


def test_the_gaps_of_a_file_are_kept() -> None:
    timeline = Timeline(ahead=GAPS_OF_FILES)

    times = [0, FRAME, 20 * CLOCK, 20 * CLOCK + FRAME, 300 * CLOCK]
    assert feed(timeline, times) == times
    assert feed(timeline, [3600 * CLOCK]) == [300 * CLOCK + FRAME]
    assert timeline.repaired == 1


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(("passed", "resumed"), [(8.0, 10.0), (0.0, 2.0 + FRAME / CLOCK)])
def test_a_pause_that_our_clock_saw_too_is_kept_and_a_jump_of_the_clock_is_not(passed: float, resumed: float) -> None:
    clock = Clock()
    timeline = Timeline(clock)
    for n in range(51):
        clock.now += 0.04
        timeline.place(VIDEO, n * FRAME, n * FRAME, FRAME)
    clock.now += passed

    held = timeline.place(
        AUDIO, 2 * CLOCK, 2 * CLOCK, FRAME
    )  # a demuxer yields the last packet before a pause after it
    picture = timeline.place(VIDEO, 10 * CLOCK, 10 * CLOCK, FRAME)
    sound = timeline.place(AUDIO, 10 * CLOCK, 10 * CLOCK, FRAME)

    assert held and picture and sound
    assert picture.dts == round(resumed * CLOCK)
    assert sound.dts == picture.dts
    assert timeline.repaired == (0 if passed else 1)


def test_pictures_shown_before_their_decoding_are_shown_when_they_say_and_decoded_earlier() -> None:
    timeline = Timeline()
    shown = [(n + 2 if n % 3 == 1 else n - 1) - 1 for n in range(60)]  # reordered, and all one picture too early

    placed = [timeline.place(VIDEO, n * FRAME, at * FRAME, FRAME) for n, at in enumerate(shown)]

    assert all(placed)
    got = [each for each in placed if each]
    assert all(abs(each.pts - at * FRAME) <= 2 for each, at in zip(got, shown, strict=True))
    assert all(each.dts <= each.pts for each in got)
    assert all(before.dts < after.dts for before, after in pairwise(got))
    assert (timeline.repaired, timeline.dropped) == (0, 0)


def test_sound_follows_the_picture_through_a_restart_by_the_same_amount() -> None:
    timeline = Timeline()
    for n in range(50):
        timeline.place(VIDEO, 100 * CLOCK + n * FRAME, None, FRAME)
        timeline.place(AUDIO, 100 * CLOCK + n * FRAME - 900, None, FRAME)

    picture = timeline.place(VIDEO, 0, 0, FRAME)
    late = timeline.place(AUDIO, 100 * CLOCK + 50 * FRAME - 900, None, FRAME)  # from before the restart
    sound = timeline.place(AUDIO, FRAME, FRAME, FRAME)

    assert picture and late and sound
    assert picture.dts == 100 * CLOCK + 50 * FRAME
    assert late.dts == picture.dts - 900
    assert sound.dts - picture.dts == FRAME
    assert timeline.repaired == 1


def test_sound_that_was_mute_for_a_minute_comes_back_where_the_picture_is() -> None:
    timeline = Timeline()
    timeline.place(AUDIO, 0, 0, FRAME)
    feed(timeline, [n * FRAME for n in range(60 * 25)])

    back = timeline.place(AUDIO, 60 * CLOCK, 60 * CLOCK, FRAME)

    assert back and back.dts == 60 * CLOCK
    assert timeline.repaired == 0


def test_a_packet_without_a_decoding_time_gets_one_in_order() -> None:
    timeline = Timeline()
    timeline.place(VIDEO, 0, 0, FRAME)

    placed = timeline.place(VIDEO, None, 3 * FRAME, FRAME)

    assert placed and (placed.dts, placed.pts) == (FRAME, 3 * FRAME)


@given(st.lists(st.tuples(st.sampled_from([VIDEO, AUDIO]), st.integers(0, 1 << 33)), max_size=200))
def test_whatever_comes_each_stream_only_rises(packets: list[tuple[int, int]]) -> None:
    timeline = Timeline()
    rises: dict[int, list[int]] = {VIDEO: [], AUDIO: []}
    for stream, dts in packets:
        placed = timeline.place(stream, dts, None, FRAME)
        if placed:
            rises[stream].append(placed.dts)
            assert placed.pts >= placed.dts

    assert all(before < after for times in rises.values() for before, after in pairwise(times))
