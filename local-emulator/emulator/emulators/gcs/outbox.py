"""Notifications on their way out: one lane (a queue and a thread) per topic, retried until they are taken.

Bounded: when too many wait, writes that would add another are refused (`admit`), so that no event is lost. What
could not be delivered by the time the process must end is logged, message by message.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Protocol

from .errors import unavailable
from .events import Message

log = logging.getLogger(__name__)

CAPACITY = 10_000
BATCH = 100
RETRY_FIRST, RETRY_MOST = 0.1, 5.0  # seconds


class PublishError(Exception):
    """The publisher did not take the messages; they are tried again."""


class Publisher(Protocol):
    """The receiver of messages."""

    def publish(self, topic: str, messages: Sequence[Message]) -> None:
        """Blocks until all are taken. Raises PublishError where they were not."""
        ...

    def close(self) -> None:
        """Nothing more comes."""
        ...


class Outbox:
    """Thread-safe. Messages of one topic leave in the order they came."""

    def __init__(self, publisher: Publisher, capacity: int = CAPACITY) -> None:
        self._publisher = publisher
        self._capacity = capacity
        self._lanes: dict[str, _Lane] = {}
        self._closing = threading.Event()

    @property
    def waiting(self) -> int:
        """The number of messages that have not been taken yet."""
        return sum(lane.waiting for lane in self._lanes.values())

    @property
    def published(self) -> int:
        """The number of messages that were taken."""
        return sum(lane.published for lane in self._lanes.values())

    def admit(self) -> None:
        """Raises 503 while the outbox is full."""
        if self.waiting >= self._capacity:
            raise unavailable(f"{self._capacity} notifications wait for Pub/Sub: refused, so that none is lost.")

    def post(self, messages: Iterable[Message]) -> None:
        """Takes messages over; never blocks."""
        for message in messages:
            lane = self._lanes.get(message.topic)
            if lane is None:
                lane = self._lanes[message.topic] = _Lane(message.topic, self._publisher, self._closing)
            lane.put(message)

    def close(self, timeout: float = 5.0) -> int:
        """Delivers what waits, for at most `timeout` seconds; logs and counts what is left."""
        deadline = time.monotonic() + timeout
        self._closing.set()
        lost = sum(lane.finish(deadline) for lane in self._lanes.values())
        self._publisher.close()
        return lost


class _Lane:
    def __init__(self, topic: str, publisher: Publisher, closing: threading.Event) -> None:
        self.published = 0
        self._topic = topic
        self._publisher = publisher
        self._closing = closing
        self._queue: deque[Message] = deque()
        self._ready = threading.Condition()
        self._stop = False
        self._given_up = False
        self._thread = threading.Thread(target=self._run, name=f"notify {topic}", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        return len(self._queue)

    def put(self, message: Message) -> None:
        with self._ready:
            self._queue.append(message)
            self._ready.notify()

    def finish(self, deadline: float) -> int:
        with self._ready:
            self._stop = True
            self._ready.notify()
        self._thread.join(max(0.0, deadline - time.monotonic()))
        self._given_up = True
        for message in list(self._queue):
            log.error("notification lost at shutdown: %s %s", self._topic, message.attributes)
        return len(self._queue)

    def _run(self) -> None:
        pause = RETRY_FIRST
        while not self._given_up and (batch := self._next()):
            try:
                self._publisher.publish(self._topic, batch)
            except PublishError as error:
                log.warning("%d notifications wait, next try in %.1f s: %s", self.waiting, pause, error)
                self._wait(pause)
                pause = min(pause * 2, RETRY_MOST)
                continue
            pause = RETRY_FIRST
            self.published += len(batch)
            for _ in batch:
                self._queue.popleft()

    def _next(self) -> list[Message]:
        """The next batch, still in the queue; empty when all is sent and no more will come."""
        with self._ready:
            self._ready.wait_for(lambda: self._queue or self._stop)
            return [self._queue[i] for i in range(min(BATCH, len(self._queue)))]

    def _wait(self, seconds: float) -> None:
        """A pause that closing the outbox cuts short."""
        if self._closing.is_set():
            time.sleep(RETRY_FIRST)
        else:
            self._closing.wait(seconds)
