"""The circuit breaker, on a clock of the test's own."""

from __future__ import annotations

import pytest

from pipeline.detection.breaker import Breaker
from pipeline.domain.providers import ProviderState


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(failures=3, window=10, rest=5, longest=15, clock=clock)


def fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        breaker.failed()


def test_it_opens_after_so_many_failures_and_not_before(breaker: Breaker) -> None:
    assert breaker.state is ProviderState.OK
    fail(breaker, 2)
    assert (breaker.state, breaker.allows()) == (ProviderState.FAILING, True)
    fail(breaker, 1)
    assert (breaker.state, breaker.allows()) == (ProviderState.OPEN, False)


def test_failures_that_lie_apart_do_not_open_it(breaker: Breaker, clock: Clock) -> None:
    for _ in range(10):
        breaker.failed()
        clock.now += 6
    assert breaker.allows()
    clock.now += 20
    assert breaker.state is ProviderState.OK


def test_a_success_forgets_the_failures_before_it(breaker: Breaker) -> None:
    fail(breaker, 2)
    breaker.succeeded()
    fail(breaker, 2)
    assert breaker.allows()


def test_after_its_rest_one_call_goes_through_and_no_other(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 5
    assert [breaker.allows() for _ in range(3)] == [True, False, False]
    assert breaker.state is ProviderState.PROBING
    breaker.succeeded()
    assert (breaker.state, breaker.allows()) == (ProviderState.OK, True)


def test_a_probe_that_fails_doubles_the_rest_up_to_the_longest(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    for rest in (5, 10, 15, 15):
        clock.now += rest - 0.1
        assert not breaker.allows()
        clock.now += 0.1
        assert breaker.allows()
        breaker.failed()
    breaker.succeeded()
    fail(breaker, 3)
    clock.now += 5
    assert breaker.allows(), "a success begins again with the shortest rest"


def test_calls_that_were_under_way_when_it_opened_do_not_lengthen_the_rest(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 9)
    clock.now += 5
    assert breaker.allows()


def test_a_probe_that_nobody_reports_on_does_not_block_for_ever(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 5
    assert breaker.allows()
    clock.now += 15
    assert breaker.allows()
