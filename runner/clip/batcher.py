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
    """`embed` is called with at most `most` crops, which may be several jobs' or a part of one.

    A batch that is not full waits `delay` seconds for more. How many jobs wait is for who submits them to limit.
    """

    def __init__(self, embed: Callable[[Pixels], Floats], most: int, delay: float) -> None:
        self._embed, self._most, self._delay = embed, most, delay
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="batcher", daemon=True)
        self._thread.start()

    def submit(self, crops: Pixels) -> Future[Floats]:
        """The rows of `crops`, in their order, once they are there; raises what the model raised."""
        answer: Future[Floats] = Future()
        self._jobs.put(_Job(crops, answer))
        return answer

    def close(self) -> None:
        """Answers what was submitted, and ends."""
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
            except Exception as error:  # noqa: BLE001 - whoever waits is told; the next batch may succeed
                for job in jobs:
                    job.answer.set_exception(error)
                continue
            first = 0
            for job in jobs:
                job.answer.set_result(rows[first : first + len(job.crops)])
                first += len(job.crops)

    def _gather(self) -> tuple[list[_Job], bool]:
        """Jobs for a batch, and whether there may be more."""
        job = self._jobs.get()
        jobs: list[_Job] = []
        until = time.monotonic() + self._delay
        while job is not None:
            jobs.append(job)
            if sum(len(each.crops) for each in jobs) >= self._most:
                return jobs, True
            try:
                job = self._jobs.get(timeout=max(until - time.monotonic(), 0.0))
            except Empty:
                return jobs, True
        return jobs, False

    def _rows(self, crops: Pixels) -> Floats:
        return np.concatenate([self._embed(crops[i : i + self._most]) for i in range(0, len(crops), self._most)])
