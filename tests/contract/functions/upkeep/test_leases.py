"""One publisher per stream, and a session that waits for its sender."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from tests.contract.functions.world import World

from pipeline.documents import leases
from pipeline.domain import names
from pipeline.domain.errors import Code, Conflict, Failure, LeaseLost, Stopped

pytestmark = pytest.mark.usefixtures("world")


class Clock:
    """A time that passes when told."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def stream() -> str:
    return f"leased-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_the_second_publisher_is_told_who_was_first_and_since_when(stream: str, clock: Clock) -> None:
    leases.acquire(stream, "http from 192.0.2.7", clock=clock)

    with pytest.raises(Conflict, match=r"by http from 192\.0\.2\.7 since 20\d\d-.*Z"):
        leases.acquire(stream, "another", clock=clock)


def test_a_lease_that_is_renewed_is_kept_and_one_that_is_not_is_lost_after_fifteen_seconds(
    stream: str, clock: Clock
) -> None:
    first = leases.acquire(stream, "first", clock=clock)
    for _ in range(5):
        clock.passes(leases.RENEW_EVERY)
        first.renew()
    clock.passes(leases.LASTS - 1)
    with pytest.raises(Conflict):
        leases.acquire(stream, "second", clock=clock)
    clock.passes(1)

    second = leases.acquire(stream, "second", clock=clock)

    assert (second.session, second.resumed) == (first.session, True)
    with pytest.raises(LeaseLost, match="published by second now"):
        first.renew()
    second.renew()


def test_a_suspended_session_is_resumed_within_thirty_seconds_and_not_later(stream: str, clock: Clock) -> None:
    first = leases.acquire(stream, "first", clock=clock)
    first.suspend(first.reconnect_until())
    clock.passes(29.9)
    second = leases.acquire(stream, "second", clock=clock)
    second.suspend(second.reconnect_until())
    clock.passes(30)

    third = leases.acquire(stream, "third", clock=clock)

    assert (second.session, second.resumed, second.unfinished) == (first.session, True, [])
    assert third.session != first.session
    assert (third.resumed, third.unfinished) == (False, [first.session])


def test_the_sender_of_a_dead_instance_has_the_whole_time_too(stream: str, clock: Clock) -> None:
    first = leases.acquire(stream, "first", clock=clock)
    clock.passes(leases.RENEW_EVERY + 29.9)

    assert leases.acquire(stream, "second", clock=clock).session == first.session


def test_an_unfinished_session_is_remembered_until_it_is_finished(stream: str, clock: Clock, world: World) -> None:
    lease = leases.acquire(stream, "first", clock=clock)
    before = lease.session
    lease.move("20260101T000000Z-000001")
    document = world.control.document(names.lease_path(stream))
    assert (document.get().get("session"), document.get().get("unfinished")) == ("20260101T000000Z-000001", [before])

    lease.finished(before)

    assert document.get().get("unfinished") == []


def test_an_operators_stop_reaches_the_holder_and_nobody_resumes(stream: str, clock: Clock) -> None:
    first = leases.acquire(stream, "first", clock=clock)
    assert leases.revoke(stream)

    with pytest.raises(Stopped):
        first.renew()
    with pytest.raises(Conflict):
        leases.acquire(stream, "second", clock=clock)
    first.release()

    assert leases.acquire(stream, "second", clock=clock).session != first.session


def test_stopping_a_stream_that_nobody_publishes_is_no_error(stream: str) -> None:
    assert not leases.revoke(stream)


def test_a_lease_that_was_taken_over_is_not_released_by_its_former_holder(stream: str, clock: Clock) -> None:
    first = leases.acquire(stream, "first", clock=clock)
    clock.passes(leases.LASTS)
    second = leases.acquire(stream, "second", clock=clock)

    with pytest.raises(LeaseLost):
        first.release()

    second.renew()


def test_a_renewal_whose_answer_got_lost_is_no_loss(stream: str, clock: Clock, world: World) -> None:
    lease = leases.acquire(stream, "first", clock=clock)
    world.control.document(names.lease_path(stream)).update({"renewed": clock.now})

    lease.renew()
    lease.suspend(clock.now, Failure(Code.UNAVAILABLE, "why"))
    assert world.control.document(names.lease_path(stream)).get().exists


def test_a_deleted_lease_is_lost(stream: str, clock: Clock, world: World) -> None:
    lease = leases.acquire(stream, "first", clock=clock)
    world.control.document(names.lease_path(stream)).delete()

    with pytest.raises(LeaseLost, match="no longer exists"):
        lease.renew()


def test_a_holder_whose_requests_reach_any_instance_joins_its_own_lease(stream: str, clock: Clock) -> None:
    first = leases.acquire(stream, "hls from 192.0.2.7", clock=clock)

    second = leases.acquire(stream, "hls from 192.0.2.7", join=True, clock=clock)

    assert (second.session, second.resumed) == (first.session, True)
    with pytest.raises(Conflict):
        leases.acquire(stream, "another", join=True, clock=clock)


def test_of_two_that_come_at_once_one_publishes(stream: str) -> None:
    def late() -> datetime:
        """Between the slower one's look and its write."""
        leases.acquire(stream, "quicker")
        return datetime.now(UTC)

    with pytest.raises(Conflict, match="another sender came first"):
        leases.acquire(stream, "slower", clock=late)


def test_what_an_import_began_is_gone_on_with_by_that_import_alone(stream: str, clock: Clock) -> None:
    first = leases.acquire(stream, "the import of a.mp4", origin="file", session="imported", clock=clock)
    first.suspend(first.reconnect_until())
    camera = leases.acquire(stream, "http from 192.0.2.7", clock=clock)
    assert (camera.session != "imported", camera.unfinished) == (True, ["imported"])
    camera.finished("imported")
    camera.release()

    again = leases.acquire(stream, "the import of a.mp4", origin="file", session="other", clock=clock)
    again.suspend(again.reconnect_until())
    assert leases.acquire(stream, "the import of a.mp4", origin="file", session="other", clock=clock).resumed
