"""Real-time pacing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

from .remux import Chunk


def paced(
    chunks: Iterable[Chunk], wait: Callable[[float], bool], clock: Callable[[], float] = time.monotonic
) -> Iterator[Chunk]:
    """Yields each chunk when it is due by `clock` (seconds). `wait` sleeps and returns whether to stop.

    After a stall it catches up, so that the stream stays live.
    """
    start: float | None = None
    for chunk in chunks:
        start = clock() - chunk.at if start is None else start
        if wait(max(0.0, start + chunk.at - clock())):
            return
        yield chunk
