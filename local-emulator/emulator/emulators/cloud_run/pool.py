"""The instances of one workload: which takes the next request, and what happens where none has room."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from .workload import Workload

QUEUE_SECONDS = 10.0  # https://cloud.google.com/run/docs/about-instance-autoscaling: exceeding maximum instances
_AGAIN = 0.1  # s between two attempts to reach an instance that starts
_START_SECONDS = 240.0  # s that an instance may take to start: Cloud Run's limit


class NoInstance(Exception):
    """Every instance that is declared is full, and none had room in time."""


@dataclass(slots=True, eq=False)
class Instance:
    """One process. `ready`: it has answered."""

    port: int
    inside: int = 0
    ready: bool = False
    waking: asyncio.Task[None] | None = None


class Pool:
    """Takes requests in turn over the instances that are ready, and starts the others at the first one.

    This machine may be told to run fewer instances than are declared. Then a request waits for one of them, for as
    long as the cloud would have started another; and what is too much for all that are declared waits so many times
    longer before it is refused.
    """

    def __init__(self, workload: Workload, queue_seconds: float = QUEUE_SECONDS) -> None:
        self._workload = workload
        self._queue_seconds = queue_seconds * workload.max_instances / len(workload.instances)
        self._instances = deque(Instance(port) for port in workload.instances)
        self._waiting: deque[asyncio.Future[Instance]] = deque()

    @property
    def inside(self) -> int:
        """Requests in all instances."""
        return sum(instance.inside for instance in self._instances)

    @asynccontextmanager
    async def place(self) -> AsyncGenerator[Instance]:
        """A place in an instance while the block runs. Raises NoInstance."""
        instance = self._free() if not self._waiting else None
        if instance is None:
            instance = await self._wait()
        try:
            yield instance
        finally:
            instance.inside -= 1
            self._hand_over()

    def failed(self, instance: Instance) -> None:
        """It could not be reached, or broke off: others are preferred until it answers again."""
        instance.ready = False

    def _free(self) -> Instance | None:
        """The next instance in turn that has room, with a request more inside."""
        several = len(self._instances) > 1
        if several:
            self._wake()
        order = sorted(self._instances, key=lambda one: not one.ready) if several else self._instances
        for instance in order:
            # One that starts is waited for where no other runs; a second one takes requests once it answers.
            if instance.inside < self._workload.concurrency and (instance.ready or instance is order[0]):
                instance.inside += 1
                self._instances.remove(instance)
                self._instances.append(instance)
                return instance
        return None

    async def _wait(self) -> Instance:
        room = self._workload.concurrency * self._workload.max_instances
        full = self.inside + len(self._waiting) >= room
        turn: asyncio.Future[Instance] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(self._queue_seconds if full else None):
                return await turn
        except BaseException as error:
            self._give_up(turn)
            if isinstance(error, TimeoutError):
                raise NoInstance from None
            raise

    def _give_up(self, turn: asyncio.Future[Instance]) -> None:
        """A place that it was given at the last moment is another's."""
        if turn.cancelled() or not turn.done():
            turn.cancel()
            with contextlib.suppress(ValueError):
                self._waiting.remove(turn)
        else:
            turn.result().inside -= 1
            self._hand_over()

    def _hand_over(self) -> None:
        while self._waiting:
            turn = self._waiting[0]
            if turn.done():
                self._waiting.popleft()
                continue
            instance = self._free()
            if instance is None:
                return
            self._waiting.popleft()
            turn.set_result(instance)

    def _wake(self) -> None:
        for instance in self._instances:
            if not instance.ready and (instance.waking is None or instance.waking.done()):
                instance.waking = asyncio.get_running_loop().create_task(self._start(instance))

    async def _start(self, instance: Instance) -> None:
        """Asks until it answers: the first connection is what starts it."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_START_SECONDS):
                while not await self._answers(instance.port):
                    await asyncio.sleep(_AGAIN)
                instance.ready = True
                self._hand_over()

    async def _answers(self, port: int) -> bool:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        try:
            writer.write(b"GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n" % self._workload.probe.encode())
            return (await reader.readline()).startswith(b"HTTP/1.1 2")
        except OSError:
            return False
        finally:
            writer.close()
