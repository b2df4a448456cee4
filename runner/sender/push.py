"""A push in its own thread: start, watch, stop, join."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from av.container import InputContainer
from av.error import FFmpegError

from .broadcast import LiveSender, send_file, send_live
from .dial import Dial
from .errors import SendError, UnsupportedMedia
from .pace import paced
from .post import post
from .remux import Chunk, remuxed
from .source import Source, is_live, open_source, packets
from .websocket import Connection


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a push has come: seconds and bytes sent, and the average bits per second."""

    media_seconds: float
    sent_bytes: int
    bit_rate: float


class Push:
    """Sends `source` to `url` in real time.

    Any thread may call `start` and `stop`; the callbacks run on the push's own thread.
    """

    def __init__(
        self,
        source: str | Source,
        url: str,
        key: str | Callable[[], str],
        *,
        loop: bool = False,
        seconds: float | None = None,
        websocket: bool = False,
        on_progress: Callable[[Progress], None] | None = None,
        on_note: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`key` is the stream's key, or gives one before each connection, and may raise SendError.

        `seconds` ends the stream after that long, looping a shorter source; `loop` never ends it.

        With `websocket` it reconnects after a broken connection, and tells `on_note` so in a sentence. Without, the
        video is the body of one POST.
        """
        self._source = source if isinstance(source, Source) else Source(source, again=loop or seconds is not None)
        self._url, self._websocket = url, websocket
        self._key: Callable[[], str] = key if callable(key) else lambda: key
        self._seconds, self._on_progress, self._on_note = seconds, on_progress, on_note
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="push", daemon=True)
        self._began, self._sent_bytes = 0.0, 0
        self.progress = Progress(0.0, 0, 0.0)
        self.answer: dict[str, Any] = {}
        self.error: BaseException | None = None

    def start(self) -> None:
        """Begins to send."""
        self._thread.start()

    def stop(self) -> None:
        """Asks for a clean end; `join` waits for it."""
        self._stop.set()

    @property
    def alive(self) -> bool:
        """Whether it is still sending."""
        return self._thread.is_alive()

    def join(self, timeout: float | None = None) -> dict[str, Any]:
        """Waits for the end and returns ingest's answer. Raises SendError, and TimeoutError after `timeout` seconds."""
        self._thread.join(timeout)
        if self._thread.is_alive():
            raise TimeoutError(f"the push to {self._url} did not end within {timeout} s")
        if self.error is not None:
            raise self.error
        return self.answer

    def _run(self) -> None:
        try:
            container = open_source(self._source)  # an unusable source fails before ingest is asked
            self._began = time.monotonic()
            self.answer = self._broadcast(container) if self._websocket else self._post(container)
        except SendError as error:
            self.error = error
        except FFmpegError as error:
            self.error = UnsupportedMedia(f"{self._source.address} cannot be read to its end: {error}")
        except BaseException as error:
            self.error = error
            raise

    def _post(self, container: InputContainer) -> dict[str, Any]:
        chunks = remuxed(packets(self._source, container), self._seconds)
        first = next(chunks)
        return post(self._url, self._key(), self._body(chain([first], chunks)))

    def _broadcast(self, container: InputContainer) -> dict[str, Any]:
        dial = Dial(lambda: Connection(self._url, self._key(), "websocket"), stop=self._stop, note=self._on_note)
        if is_live(container):
            sender = LiveSender(dial, dial.first(), self._sent)
            return send_live(packets(self._source, container), sender, self._stop, self._seconds)
        return send_file(self._source, container, dial, self._sent, self._stop, self._seconds)

    def _body(self, chunks: Iterator[Chunk]) -> Iterator[bytes]:
        for chunk in paced(chunks, self._stop.wait):
            yield chunk.data
            self._sent(chunk)

    def _sent(self, chunk: Chunk) -> None:
        self._sent_bytes += len(chunk.data)
        # Over half a second at least: the first packets would read as an enormous rate.
        rate = self._sent_bytes * 8 / max(0.5, time.monotonic() - self._began)
        self.progress = Progress(chunk.at, self._sent_bytes, rate)
        if self._on_progress:
            self._on_progress(self.progress)
