"""A sender on a WebSocket: its first message, its bytes, its end, and the messages to it.

sender                                     ingest
{"key": "...", "origin": "webcam"}  ──►
                                    ◄──    {"type": "accepted", "session": null}
bytes of the container, in order    ──►
                                    ◄──    {"type": "stored", "session", "segments", "media_seconds",
                                    "taken_seconds"}
                                    ◄──    {"type": "reconnect"}: the platform will cut the connection soon
{"type": "end"}                     ──►    a clean end; without it the session waits for a sender to come back
                                    ◄──    {"type": "ended", "session", "segments", "media_seconds", "playlist"}
{"type": "error", "detail": "..."}  ──►    the sender gives up: the session ends in that error
                                    ◄──    {"type": "error", "status", "title", "detail"}, then close 4000 + status
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from pipeline.domain.errors import BadRequest, UnsupportedMedia

from ..session.session import Summary
from .websocket import WebSocket

ORIGINS = ("websocket", "webcam", "screen", "rtmp", "file")
_MAX_DETAIL = 500  # characters of a sender's own words


@dataclass(frozen=True, slots=True)
class Hello:
    """The first message of a sender."""

    key: str | None
    origin: str


def greet(socket: WebSocket, timeout: float) -> Hello:
    """Waits up to `timeout` seconds for the first message. Raises BadRequest."""
    socket.timeout(timeout)
    try:
        message = socket.receive()
    except TimeoutError:
        raise BadRequest(f"no first message within {timeout:g} s: send {_WANTED}") from None
    if not isinstance(message, str):
        raise BadRequest(f"the first message must be {_WANTED}")
    found = _object(message)
    key = found.get("key")
    return Hello(key if isinstance(key, str) else None, origin(found.get("origin")))


def origin(given: object) -> str:
    """The origin of the video, which becomes the stream's `source`. Raises BadRequest."""
    if given is None:
        return ORIGINS[0]
    if given not in ORIGINS:
        raise BadRequest(f"invalid origin {str(given)[:40]!r}: expected {', '.join(ORIGINS)}")
    return str(given)


class Sender:
    """The bytes of an accepted sender, as a source.

    `ended`: it sent "end" or "error". `read` returns nothing more once the sender has ended, vanished or been silent
    for `silence` seconds, or `stop` was called. After `lifetime` seconds it is asked, once, to connect again.
    """

    def __init__(self, socket: WebSocket, silence: float, lifetime: float) -> None:
        self.ended = False
        self.stopped = False
        self._socket = socket
        self._left = b""
        self._over = False
        self._renew_at: float | None = time.monotonic() + lifetime
        socket.timeout(silence)

    @property
    def broken(self) -> bool:
        """Whether the bytes ran out without an end: the sender may come back."""
        return self._over and not self.ended

    def read(self, size: int, /) -> bytes:
        """See Readable. Raises BadRequest, and UnsupportedMedia with the reason of a sender that gives up."""
        while not self._left and not self._over:
            self._receive()
        data, self._left = self._left[:size], self._left[size:]
        return data

    def stop(self) -> None:
        """Ends the source from another thread, even while `read` waits."""
        self.stopped = True
        self._socket.hang_up()

    def _receive(self) -> None:
        if self._renew_at is not None and time.monotonic() > self._renew_at:
            self._renew_at = None
            self._socket.tell(json.dumps({"type": "reconnect"}))
        try:
            message = None if self.stopped else self._socket.receive()
        except TimeoutError:
            message = None
        if isinstance(message, bytes):
            self._left = message
        elif message is None:
            self._over = True
        else:
            self._hear(_object(message))

    def _hear(self, message: dict[str, Any]) -> None:
        match message.get("type"):
            case "end":
                self.ended = self._over = True
            case "error":
                self._over = True
                self.ended = True
                raise UnsupportedMedia(f"the sender gave up: {str(message.get('detail', ''))[:_MAX_DETAIL]}")
            case other:
                raise BadRequest(f"invalid message type {str(other)[:40]!r}: expected 'end' or 'error'")


class Notices:
    """Tells a sender about its session: first that it is accepted, then what is stored.

    `taken_seconds`: how much of this connection's video is stored, at least. Media time follows the clock while a
    session waits for its sender, so the first segment after such a gap is not counted.
    """

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._session: str | None = None
        self._opened_with = 0
        self._counted_from: float | None = None

    def __call__(self, summary: Summary) -> None:
        """See `publish`. Runs on the session's thread that lists segments, which a slow sender must not delay."""
        if self._session is None:
            self._opened_with = summary.segments
            self._counted_from = None if summary.segments else 0.0
            self._socket.send(json.dumps({"type": "accepted", "session": summary.session}))
        elif self._session != summary.session:
            self._counted_from = None
        self._session = summary.session
        if summary.segments > self._opened_with:
            self._stored(summary)

    def _stored(self, summary: Summary) -> None:
        if self._counted_from is None:
            self._counted_from = summary.media_seconds
        known = {"session": summary.session, "segments": summary.segments, "media_seconds": summary.media_seconds}
        taken = round(summary.media_seconds - self._counted_from, 3)
        self._socket.tell(json.dumps({"type": "stored", **known, "taken_seconds": taken}))


_WANTED = 'text, {"key": "...", "origin": "..."}'


def _object(text: str) -> dict[str, Any]:
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadRequest("invalid text message: expected a JSON object")
    return found
