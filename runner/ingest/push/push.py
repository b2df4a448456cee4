"""A push in a thread of its own: start, watch, stop, join."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from av.error import FFmpegError

from pipeline.errors import MediaAnalyzerError, UnsupportedMedia

from .post import post
from .remux import Chunk, live


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a push is: seconds of the stream sent, bytes sent, bits a second over its whole time."""

    media_seconds: float
    sent_bytes: int
    bit_rate: float


def paced(
    chunks: Iterable[Chunk], wait: Callable[[float], bool], clock: Callable[[], float] = time.monotonic
) -> Iterator[Chunk]:
    """Each chunk when it is due by `clock` (seconds). `wait` sleeps, and says whether to stop.

    A stall is caught up with afterwards, so that the stream stays live.
    """
    start: float | None = None
    for chunk in chunks:
        start = clock() - chunk.at if start is None else start
        if wait(max(0.0, start + chunk.at - clock())):
            return
        yield chunk


class Push:
    """Sends `source` to `url` in real time. Threads: `start` and `stop` from any; callbacks come from its own."""

    def __init__(
        self,
        source: str,
        url: str,
        key: str,
        *,
        loop: bool = False,
        seconds: float | None = None,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> None:
        """`seconds` ends the stream after that long, looping a source that is shorter; `loop` goes on for ever."""
        self._source, self._url, self._key = source, url, key
        self._loop, self._seconds, self._on_progress = loop, seconds, on_progress
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="push", daemon=True)
        self.progress = Progress(0.0, 0, 0.0)
        self.answer: dict[str, Any] = {}
        self.error: BaseException | None = None

    def start(self) -> None:
        """Begins to send."""
        self._thread.start()

    def stop(self) -> None:
        """Ends the stream cleanly, soon; `join` waits for it."""
        self._stop.set()

    @property
    def alive(self) -> bool:
        """Whether it still sends."""
        return self._thread.is_alive()

    def join(self, timeout: float | None = None) -> dict[str, Any]:
        """Waits for the end and returns ingest's answer. Raises what went wrong, and TimeoutError."""
        self._thread.join(timeout)
        if self._thread.is_alive():
            raise TimeoutError(f"the push to {self._url} did not end within {timeout} s")
        if self.error is not None:
            raise self.error
        return self.answer

    def _run(self) -> None:
        try:
            chunks = live(self._source, loop=self._loop, seconds=self._seconds)
            first = next(chunks)  # an unusable source shows before anybody is troubled with it
            self.answer = post(self._url, self._key, self._body(chain([first], chunks)))
        except MediaAnalyzerError as error:
            self.error = error
        except FFmpegError as error:
            self.error = UnsupportedMedia(f"{self._source} cannot be read to its end: {error}")
        except BaseException as error:
            self.error = error
            raise

    def _body(self, chunks: Iterable[Chunk]) -> Iterator[bytes]:
        began, sent = time.monotonic(), 0
        for chunk in paced(chunks, self._stop.wait):
            yield chunk.data
            sent += len(chunk.data)
            # Over half a second at least: the first packets would read as an enormous rate.
            self.progress = Progress(chunk.at, sent, sent * 8 / max(0.5, time.monotonic() - began))
            if self._on_progress:
                self._on_progress(self.progress)
