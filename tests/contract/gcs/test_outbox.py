"""The outbox: nothing is lost silently, whatever the publisher does."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

import pytest

from emulator.emulators.gcs.errors import ApiError
from emulator.emulators.gcs.events import Message
from emulator.emulators.gcs.outbox import Outbox, PublishError


class Publisher:
    """Takes messages while `open` is set, fails otherwise; tells who waits for a message to arrive."""

    def __init__(self) -> None:
        self.taken: list[Message] = []
        self.open = threading.Event()
        self.tried = threading.Event()
        self.arrived = threading.Condition()

    def publish(self, topic: str, messages: Sequence[Message]) -> None:
        self.tried.set()
        if not self.open.is_set():
            raise PublishError("closed")
        with self.arrived:
            self.taken += messages
            self.arrived.notify_all()

    def close(self) -> None:
        self.closed = True

    def wait(self, until: Callable[[], bool]) -> None:
        with self.arrived:
            assert self.arrived.wait_for(until, timeout=10)


def message(number: int, topic: str = "projects/p/topics/t") -> Message:
    return Message(topic, b"", {"objectId": str(number)})


def test_messages_of_a_topic_arrive_in_order_after_failures() -> None:
    publisher = Publisher()
    outbox = Outbox(publisher)
    outbox.post(message(number) for number in range(250))
    assert publisher.tried.wait(60)
    assert outbox.waiting == 250
    publisher.open.set()
    publisher.wait(lambda: len(publisher.taken) == 250)
    assert [each.attributes["objectId"] for each in publisher.taken] == [str(number) for number in range(250)]
    assert outbox.close() == 0


def test_a_topic_that_fails_does_not_hold_up_another() -> None:
    class Picky(Publisher):
        def publish(self, topic: str, messages: Sequence[Message]) -> None:
            if topic.endswith("bad"):
                raise PublishError("no such topic")
            super().publish(topic, messages)

    publisher = Picky()
    publisher.open.set()
    outbox = Outbox(publisher)
    outbox.post([message(1, "projects/p/topics/bad"), message(2, "projects/p/topics/good")])
    publisher.wait(lambda: len(publisher.taken) == 1)
    assert publisher.taken[0].attributes["objectId"] == "2"
    assert outbox.close(timeout=0.1) == 1


def test_a_full_outbox_refuses_the_next_write() -> None:
    publisher = Publisher()
    outbox = Outbox(publisher, capacity=3)
    outbox.admit()
    outbox.post(message(number) for number in range(3))
    with pytest.raises(ApiError, match="refused, so that none is lost") as refused:
        outbox.admit()
    assert refused.value.code == 503
    publisher.open.set()
    publisher.wait(lambda: len(publisher.taken) == 3)
    assert outbox.close() == 0


def test_what_is_lost_at_the_end_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    publisher = Publisher()
    outbox = Outbox(publisher)
    outbox.post([message(7)])
    assert publisher.tried.wait(60)
    with caplog.at_level(logging.WARNING):
        assert outbox.close(timeout=0.2) == 1
    assert "notification lost at shutdown" in caplog.text
    assert "'objectId': '7'" in caplog.text
    assert publisher.closed
