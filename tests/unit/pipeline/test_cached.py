"""Values kept in memory for some seconds."""

from __future__ import annotations

import pytest

from pipeline.cloud.ttl_cache import Cached


def test_a_value_is_read_again_only_when_it_is_too_old() -> None:
    now = [0.0]
    read: list[str] = []
    cached = Cached(lambda key: read.append(key) or len(read), 5.0, lambda: now[0])
    assert [cached.get("a"), cached.get("a"), cached.get("b")] == [1, 1, 2]
    now[0] = 4.9
    assert cached.get("a") == 1
    now[0] = 5.0
    assert cached.get("a") == 3


def test_a_failure_is_not_remembered() -> None:
    answers = iter([None, 7])

    def read(key: str) -> int:
        value = next(answers)
        if value is None:
            raise LookupError(key)
        return value

    cached = Cached(read, 5.0)
    with pytest.raises(LookupError):
        cached.get("a")
    assert cached.get("a") == 7


def test_memory_is_bounded() -> None:
    cached = Cached(lambda key: key, 1e9)
    for index in range(5000):
        cached.get(str(index))
    assert len(cached._values) <= 1024
