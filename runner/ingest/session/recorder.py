"""Writes the fields of a session's documents to Firestore, in order, off the path of the video.

Changes that come during a write are merged into the next one, except the few changes of state: a slow Firestore delays
fields, never segments, and memory stays bounded.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

from google.api_core.exceptions import GoogleAPICallError, InvalidArgument, RetryError

from pipeline.domain.errors import Code, Failure, NotFound, Unavailable

log = logging.getLogger(__name__)

_RETRY_SECONDS = 1.0  # between attempts
_CLOSE_SECONDS = 8.0  # the longest that `close` waits: Cloud Run kills an instance after 10
Fields = dict[str, Any]


class Record(Protocol):
    """pipeline.documents.streams.record, or a stand-in."""

    def __call__(self, stream_id: str, session: str, stream: Fields, facts: Fields, /) -> None:
        """Writes both in one commit. Raises NotFound if the stream was deleted."""
        ...


class Recorder:
    """Writes the fields of one session. Once the stream is deleted, sets `deleted` and calls `on_deleted`."""

    def __init__(self, stream: str, session: str, record: Record, on_deleted: Callable[[], None]) -> None:
        self._stream, self._session = stream, session
        self._record = record
        self._on_deleted = on_deleted
        self._pending: deque[tuple[Fields, Fields]] = deque()
        self._changed = threading.Condition()
        self._closing = self._dropped = False
        self.deleted = False
        self._thread = threading.Thread(target=self._run, name=f"record-{stream}", daemon=True)

    def start(self) -> None:
        """Starts the writing thread."""
        self._thread.start()

    def note(self, stream: Fields, facts: Fields | None = None) -> None:
        """Queues fields of the stream's and of the session's document."""
        with self._changed:
            if self._pending and "state" not in stream:
                before = self._pending.pop()
                self._pending.append((before[0] | stream, before[1] | (facts or {})))
            else:
                self._pending.append((stream, facts or {}))
            self._changed.notify()

    def close(self) -> None:
        """Waits until everything is written. Raises Unavailable if Firestore does not take it in time."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join(_CLOSE_SECONDS)
        if self._thread.is_alive():
            self.drop()
            raise Unavailable(f"the state of stream {self._stream!r} could not be recorded: Firestore did not answer")

    def drop(self) -> None:
        """Ends without writing what still waits: another publisher writes the documents now."""
        with self._changed:
            self._pending.clear()
            self._closing = self._dropped = True
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._pending or self._closing)
                if not self._pending:
                    return
                taken = self._pending.popleft()
            try:
                self._record(self._stream, self._session, *taken)
            except NotFound:
                self.deleted = True
                self._on_deleted()
                return
            except (GoogleAPICallError, RetryError) as error:
                if isinstance(error, InvalidArgument):
                    self._reduce(taken)
                else:
                    log.warning("recording will be retried: %s", error, extra={"labels": {"stream": self._stream}})
                    self._put_back(taken)
            except Exception:  # noqa: BLE001 - `_reduce` logs it; no value may end this thread: the stream would stay live
                self._reduce(taken)

    def _reduce(self, taken: tuple[Fields, Fields]) -> None:
        """Goes on without the value that Firestore never takes: the state is told at least."""
        log.exception("fields cannot be recorded as they are", extra={"labels": {"stream": self._stream}})
        state = {name: taken[0][name] for name in ("state", "reconnect_until") if name in taken[0]}
        if taken[0].get("error"):
            state["error"] = Failure(Code.INTERNAL, "the error cannot be shown; the log of ingest holds it").fields()
        least = state, {name: taken[1][name] for name in ("ended", "vod") if name in taken[1]}
        if state and least != taken:
            self._put_back(least)

    def _put_back(self, taken: tuple[Fields, Fields]) -> None:
        with self._changed:
            if self._dropped:
                return
            self._pending.appendleft(taken)
            self._changed.wait(_RETRY_SECONDS)
