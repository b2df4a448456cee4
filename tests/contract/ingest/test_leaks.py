"""Two hundred short sessions leave nothing behind: no thread, no file, no connection."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
from tests.contract.ingest.conftest import ServiceFactory, made_stream
from tests.contract.ingest.senders import chunks, post
from tests.contract.ingest.worker import worker_of
from tests.unit.ingest.clips import make_clip

_AT_ONCE, _ROUNDS = 20, 10
_POOLS = 4


def test_threads_and_files_stay_as_many_after_two_hundred_sessions(
    services: ServiceFactory, environment: dict[str, str], tmp_path: Path
) -> None:
    service = services()
    clip = make_clip(tmp_path / "clip.ts", seconds=2).path
    worker = worker_of(service)
    streams = [made_stream() for _ in range(_AT_ONCE)]

    def send(number: int) -> int:
        body: Iterator[bytes] = iter([b"this is no video at all\n" * 100]) if number % 4 == 0 else chunks(clip)
        return post(service, streams[number], body)[0]

    with ThreadPoolExecutor(_AT_ONCE) as senders:
        expected = [415 if number % 4 == 0 else 200 for number in range(_AT_ONCE)]
        counts: list[tuple[int, int]] = []
        for _ in range(_ROUNDS):
            assert list(senders.map(send, range(_AT_ONCE))) == expected
            counts.append(settled(worker))
    # The first rounds start gunicorn's and gRPC's pools, which are bounded and still add one now and then; a leak in
    # the least frequent kind of session would add 35 from the third round on.
    for kind in zip(*counts, strict=True):
        assert kind[-1] <= max(kind[2:5]) + _POOLS, counts


def settled(worker: psutil.Process) -> tuple[int, int]:
    """(threads, file descriptors) once they no longer fall: the last connections close after their answers."""
    before = (worker.num_threads(), worker.num_fds())
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        time.sleep(0.3)
        now = (worker.num_threads(), worker.num_fds())
        if now >= before:
            return now
        before = now
    return before
