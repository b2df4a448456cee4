"""Which frames the gate lets through."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Reason
from pipeline.sampling.gate import Analysed, Policy, changed, decide
from pipeline.sampling.picture import HEIGHT, WIDTH, Plane

POLICY = Policy()


def plane(seed: int = 0) -> Plane:
    coarse = np.random.default_rng(seed).integers(30, 220, (5, 8), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC), np.uint8)


def with_mark(picture: Plane, x: int, y: int, width: int, height: int) -> Plane:
    changed_picture = picture.copy()
    changed_picture[y : y + height, x : x + width] ^= 0x80
    return changed_picture


def test_the_first_look_is_sent_on() -> None:
    assert decide(None, 12.5, plane(), POLICY) is Reason.FIRST


def test_a_still_picture_is_sent_on_only_after_the_longest_interval() -> None:
    last = Analysed(0.0, plane())
    reasons = {t / 5: decide(last, t / 5, plane(), POLICY) for t in range(1, 21)}
    assert {t for t, reason in reasons.items() if reason} == {4.0}
    assert reasons[4.0] is Reason.INTERVAL


def test_a_cut_is_sent_on_but_not_before_the_shortest_interval() -> None:
    last = Analysed(10.0, plane(1))
    assert decide(last, 10.8, plane(2), POLICY) is None
    assert decide(last, 11.0, plane(2), POLICY) is Reason.CHANGE


def test_intervals_hold_though_media_times_are_rounded() -> None:
    last = Analysed(1.0, plane(1))
    assert decide(last, 1.9996, plane(2), POLICY) is Reason.CHANGE
    assert decide(last, 4.9996, plane(1), POLICY) is Reason.INTERVAL


def test_a_mark_that_appears_is_a_change() -> None:
    assert changed(plane(), with_mark(plane(), 30, 20, 10, 10), POLICY)


def test_a_slow_fade_adds_up_to_a_change() -> None:
    start = plane()
    steps = [np.clip(start.astype(int) - step, 0, 255).astype(np.uint8) for step in range(20)]
    assert not changed(steps[0], steps[2], POLICY)
    assert changed(steps[0], steps[12], POLICY)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**16), sigma=st.floats(0, 6))
def test_noise_is_no_change(seed: int, sigma: float) -> None:
    noise = np.random.default_rng(seed).normal(0, sigma, (HEIGHT, WIDTH))
    assert not changed(plane(), np.clip(plane() + noise, 0, 255).astype(np.uint8), POLICY)


@settings(max_examples=50, deadline=None)
@given(times=st.lists(st.integers(0, 600).map(lambda tick: tick / 10), min_size=1, unique=True), seed=st.integers(0, 9))
def test_the_gate_keeps_its_intervals_for_any_looks(times: list[float], seed: int) -> None:
    last: Analysed | None = None
    sent: list[float] = []
    for index, time in enumerate(sorted(times)):
        if decide(last, time, plane((seed + index) % 3), POLICY):
            last = Analysed(time, plane((seed + index) % 3))
            sent.append(time)
    assert sent[0] == min(times)
    assert all(later - earlier >= POLICY.minimum - 0.001 for earlier, later in pairwise(sent))
    for time in times:
        waited = time - max(at for at in sent if at <= time)
        assert waited < POLICY.maximum


@pytest.mark.parametrize("minimum", [0.5, 2.0])
def test_the_policys_intervals_are_the_ones_used(minimum: float) -> None:
    policy = Policy(minimum=minimum)
    last = Analysed(0.0, plane(1))
    assert decide(last, minimum - 0.1, plane(2), policy) is None
    assert decide(last, minimum, plane(2), policy) is Reason.CHANGE
