"""A large object reads like a file, and no more of it is kept than a few blocks."""

from __future__ import annotations

import io
import random
import threading
from pathlib import Path

import av
import pytest
from tests.unit.ingest.clips import make_clip

from importer.remote import RemoteFile
from pipeline.domain.errors import Unavailable

DATA = random.Random(7).randbytes(10_000)


class Fetched:
    """What was asked for, in blocks of 1000 bytes."""

    def __init__(self, data: bytes = DATA) -> None:
        self.data = data
        self.asked: list[int] = []
        self.failing = 0

    def __call__(self, first: int, last: int) -> bytes:
        self.asked.append(first)
        if self.failing:
            self.failing -= 1
            raise Unavailable("told to fail")
        return self.data[first : last + 1]


def remote(fetched: Fetched, block: int = 1000) -> RemoteFile:
    return RemoteFile(fetched, len(fetched.data), block)


def whole(file: RemoteFile, size: int = 300) -> bytes:
    return b"".join(iter(lambda: file.read(size), b""))


def test_read_in_order_every_block_is_fetched_once() -> None:
    fetched = Fetched()
    assert whole(remote(fetched)) == DATA
    assert sorted(fetched.asked) == list(range(0, 10_000, 1000))


def test_the_next_block_is_on_its_way_while_one_is_read() -> None:
    fetched, came = Fetched(), threading.Event()

    def fetch(first: int, last: int) -> bytes:
        if first == 1000:
            came.set()
        return fetched(first, last)

    file = RemoteFile(fetch, len(DATA), 1000)
    file.read(10)
    assert came.wait(5)


def test_it_can_be_sought_in_as_a_file_can() -> None:
    file, model = remote(Fetched()), io.BytesIO(DATA)
    chosen = random.Random(3)
    for _ in range(500):
        at = chosen.randrange(0, 10_500)
        assert file.seek(at) == model.seek(at) == file.tell()
        if at < 10_000:
            data = file.read(40)
            assert data and data == model.read(40)[: len(data)]
    assert file.seek(-10, io.SEEK_END) == 9_990
    assert file.seek(4, io.SEEK_CUR) == 9_994
    assert file.read(100) == DATA[-6:]
    assert file.read(100) == b""
    with pytest.raises(ValueError, match="cannot seek"):
        file.seek(-1)


def test_going_back_and_forth_between_two_places_fetches_nothing_again() -> None:
    fetched = Fetched()
    file = remote(fetched)
    for step in range(100):
        for base in (0, 5000):
            file.seek(base + step * 10)
            assert file.read(10) == DATA[base + step * 10 : base + step * 10 + 10]
    assert len(fetched.asked) <= 4


def test_a_failure_is_raised_and_forgotten() -> None:
    fetched = Fetched()
    fetched.failing = 2
    file = remote(fetched)
    with pytest.raises(Unavailable):
        file.read(10)
    assert file.read(10) == DATA[:10]


def test_a_failure_comes_through_ffmpeg_as_itself(tmp_path: Path) -> None:
    fetched = Fetched(make_clip(tmp_path / "clip.ts").path.read_bytes())
    file = remote(fetched, 2_000)
    with av.open(file, "r") as container:
        fetched.failing = 100
        with pytest.raises(Unavailable):
            for _ in container.demux():
                pass


def test_once_stopped_it_ends_and_says_so() -> None:
    file = remote(Fetched())
    file.read(10)
    assert not file.broken
    file.stop()
    assert (file.read(10), file.broken) == (b"", True)
