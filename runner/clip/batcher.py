"""Joins the crops of several requests into batches: one thread has the model to itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Job:
    crops: Pixels
    answer: Future[Floats]


class Batcher:
    """Calls `embed` with up to `size` crops, from several jobs or from a part of one.

    A batch that is not full waits `delay` seconds for more. The caller limits how many jobs wait.
    """

    def __init__(self, embed: Callable[[Pixels], Floats], size: int, delay: float) -> None:
        self._embed, self._size, self._delay = embed, size, delay
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="batcher", daemon=True)
        self._thread.start()

    def submit(self, crops: Pixels) -> Future[Floats]:
        """Queues crops. The result is one row per crop, in their order, or the exception of the model."""
        answer: Future[Floats] = Future()
        self._jobs.put(_Job(crops, answer))
        return answer

    def close(self) -> None:
        """Finishes the submitted jobs, and ends."""
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        open = True
        while open:
            jobs, open = self._gather()
            if not jobs:
                continue
            try:
                rows = self._rows(np.concatenate([job.crops for job in jobs]))
            except Exception as error:  # noqa: BLE001 - each caller gets it; the next batch may succeed
                for job in jobs:
                    job.answer.set_exception(error)
                continue
            first = 0
            for job in jobs:
                job.answer.set_result(rows[first : first + len(job.crops)])
                first += len(job.crops)

    def _gather(self) -> tuple[list[_Job], bool]:
        """The jobs of the next batch, and whether more may follow."""
        job = self._jobs.get()
        jobs: list[_Job] = []
        until = time.monotonic() + self._delay
        while job is not None:
            jobs.append(job)
            if sum(len(each.crops) for each in jobs) >= self._size:
                return jobs, True
            try:
                job = self._jobs.get(timeout=max(until - time.monotonic(), 0.0))
            except Empty:
                return jobs, True
        return jobs, False

    def _rows(self, crops: Pixels) -> Floats:
        return np.concatenate([self._embed(crops[i : i + self._size]) for i in range(0, len(crops), self._size)])
