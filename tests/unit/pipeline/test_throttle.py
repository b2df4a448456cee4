"""Wrong keys, by address."""

from __future__ import annotations

import pytest

from pipeline.domain.errors import LimitReached
from pipeline.domain.throttle import Throttle


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def refused(throttle: Throttle, address: str) -> bool:
    try:
        throttle.check(address)
    except LimitReached:
        return True
    return False


def test_a_burst_of_wrong_keys_is_free_and_then_one_comes_every_so_often() -> None:
    clock = Clock()
    throttle = Throttle(3, 2.0, clock=clock)
    for _ in range(3):
        assert not refused(throttle, "a")
        throttle.failed("a")
    assert refused(throttle, "a") and not refused(throttle, "b")
    clock.now = 2.0
    assert not refused(throttle, "a")
    throttle.failed("a")
    assert refused(throttle, "a")
    clock.now = 100.0
    for _ in range(3):
        assert not refused(throttle, "a")
        throttle.failed("a")
    assert refused(throttle, "a")


def test_a_refusal_says_when_to_try_again() -> None:
    throttle = Throttle(1, 2.0)
    throttle.failed("198.51.100.4")
    with pytest.raises(LimitReached, match=r"too many wrong keys from 198\.51\.100\.4: send the right one in 2 s"):
        throttle.check("198.51.100.4")


def test_it_remembers_so_many_addresses_and_no_more() -> None:
    throttle = Throttle(1, 1000.0, most=100)
    for n in range(1000):
        throttle.failed(str(n))
    assert [refused(throttle, str(n)) for n in (899, 900, 999)] == [False, True, True]
