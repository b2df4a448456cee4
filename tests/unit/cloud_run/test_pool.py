"""Requests at once: so many in an instance, so many instances, and what is refused beyond."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.unit.cloud_run.conftest import Front, reply
from tests.wait import until


class Held:
    """Answers once it is let go; `inside` is how many wait."""

    def __init__(self) -> None:
        self.inside = 0
        self.most = 0
        self._go = threading.Event()
        self._lock = threading.Lock()

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        with self._lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self._go.wait(20)
        with self._lock:
            self.inside -= 1
        reply(handler, 200)

    def go(self) -> None:
        self._go.set()


class Asking:
    """Requests at the same time; `statuses` of those that were answered."""

    def __init__(self, before: Front, count: int) -> None:
        self.statuses: list[int] = []
        self._threads = [threading.Thread(target=self._ask, args=(before,)) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def _ask(self, before: Front) -> None:
        self.statuses.append(before.ask("GET", "/")[0])

    def join(self) -> list[int]:
        for thread in self._threads:
            thread.join(20)
        return sorted(self.statuses)


def test_no_more_requests_are_in_an_instance_than_declared(instance: Any, front: Any) -> None:
    held = Held()
    asking = Asking(front(instance(held).port, concurrency=2, max_instances=3), 5)
    until(lambda: held.inside == 2, 10, "two requests inside")
    held.go()
    assert asking.join() == [200] * 5
    assert held.most == 2


def test_more_than_all_declared_instances_hold_is_429_after_a_while(instance: Any, front: Any) -> None:
    held = Held()
    before = front(instance(held).port, concurrency=2, max_instances=1)
    asking = Asking(before, 3)
    until(lambda: asking.statuses == [429], 10, "the refusal")
    held.go()
    assert asking.join() == [200, 200, 429]
    refused = next(entry for entry in before.logged(3) if entry["httpRequest"]["status"] == 429)
    assert refused["textPayload"] == "The request was aborted because there was no available instance."


def test_one_that_waits_in_the_queue_gets_the_place_that_is_freed(instance: Any, front: Any) -> None:
    held = Held()
    before = front(instance(held).port, concurrency=1, queue_seconds=20)
    asking = Asking(before, 2)
    until(lambda: held.inside == 1, 10, "one request inside")
    held.go()
    assert asking.join() == [200, 200]


def test_requests_are_spread_over_the_instances(instance: Any, front: Any) -> None:
    one, two = (instance(lambda handler: reply(handler, 200)) for _ in range(2))
    before = front(one.port, two.port)
    until(lambda: before.ask("GET", "/") and one.seen and two.seen, 10, "both instances")
    ahead = len(one.seen) - len(two.seen)
    for _ in range(10):
        before.ask("GET", "/")
    assert len(one.seen) - len(two.seen) == ahead


def test_the_requests_of_one_connection_are_spread_too(instance: Any, front: Any) -> None:
    one, two = (instance(lambda handler: reply(handler, 200)) for _ in range(2))
    before = front(one.port, two.port)
    until(lambda: before.ask("GET", "/") and one.seen and two.seen, 10, "both instances")
    one.seen.clear()
    two.seen.clear()
    connection = before.connect()
    for _ in range(4):
        connection.request("PUT", "/", b"x")
        connection.getresponse().read()
    assert (len(one.seen), len(two.seen)) == (2, 2)


def test_an_instance_that_is_gone_gets_nothing_until_it_answers_again(instance: Any, front: Any) -> None:
    one, two = (instance(lambda handler: reply(handler, 200)) for _ in range(2))
    before = front(one.port, two.port)
    until(lambda: before.ask("GET", "/") and one.seen and two.seen, 10, "both instances")
    one.close()
    assert {before.ask("GET", "/")[0] for _ in range(6)} == {200}
