"""Quota and latency of the Vision emulator, with a clock that the test moves."""

from __future__ import annotations

import pytest
from grpc import StatusCode

from emulator.emulators.vision.limits import Limits
from emulator.rpc import CallError


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def refused(limits: Limits) -> bool:
    try:
        limits.take()
    except CallError as error:
        assert error.code == StatusCode.RESOURCE_EXHAUSTED
        return True
    return False


def test_any_number_of_calls_is_taken_where_no_quota_is_set() -> None:
    limits = Limits()
    assert not any(refused(limits) for _ in range(5000))


def test_a_quota_is_for_any_minute() -> None:
    clock = Clock()
    limits = Limits(quota=2, clock=clock)
    assert not refused(limits)
    clock.now += 40
    assert [refused(limits), refused(limits)] == [False, True]
    clock.now += 20  # the first is a minute ago, the second is not; what was refused does not count
    assert [refused(limits), refused(limits)] == [False, True]


def test_a_quota_of_nothing_refuses_everything_and_a_new_one_starts_a_new_minute() -> None:
    limits = Limits(quota=0, clock=Clock())
    assert refused(limits)
    assert limits.set({"quota": 1}) == {"latency": 0.0, "quota": 1}
    assert [refused(limits), refused(limits)] == [False, True]
    limits.set({"quota": 1})
    assert not refused(limits)
    assert limits.set({"latency": 0.0}) == {"latency": 0.0, "quota": 1}
    assert refused(limits)


@pytest.mark.parametrize(
    "wanted",
    [
        *({"latency": value} for value in (-1, 61, None, "1", float("nan"))),
        *({"quota": value} for value in (-1, 1.5, True, "none")),
        {"speed": 1},
        {"latency": 2, "quota": -1},
    ],
)
def test_what_cannot_be_set_is_refused_and_changes_nothing(wanted: dict[str, object]) -> None:
    limits = Limits(quota=7)
    with pytest.raises(CallError) as refusal:
        limits.set(wanted)
    assert refusal.value.code == StatusCode.INVALID_ARGUMENT
    assert limits.set({}) == {"latency": 0.0, "quota": 7}


def test_who_waits_is_refused_at_the_end() -> None:
    limits = Limits(latency=60)
    limits.close()
    with pytest.raises(CallError) as refusal:
        limits.take()
    assert refusal.value.code == StatusCode.UNAVAILABLE
