"""A sender on a WebSocket: its first message, its bytes, its end, and what it is told meanwhile.

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
_DETAIL = 500  # characters of a sender's own words that are kept


@dataclass(frozen=True, slots=True)
class Hello:
    """What a sender says of itself first."""

    key: str | None
    origin: str


def greet(socket: WebSocket, patience: float) -> Hello:
    """The first message, waited for `patience` seconds. Raises BadRequest."""
    socket.timeout(patience)
    try:
        message = socket.receive()
    except TimeoutError:
        raise BadRequest(f"no first message within {patience:g} s: send {_WANTED}") from None
    if not isinstance(message, str):
        raise BadRequest(f"the first message must be {_WANTED}")
    found = _object(message)
    key = found.get("key")
    return Hello(key if isinstance(key, str) else None, origin(found.get("origin")))


def origin(given: object) -> str:
    """Where the video comes from, as the stream's `source` shows it. Raises BadRequest."""
    if given is None:
        return ORIGINS[0]
    if given not in ORIGINS:
        raise BadRequest(f"the origin is none of {', '.join(ORIGINS)}")
    return str(given)


class Sender:
    """The bytes of an accepted sender, as a source.

    `ended`: it said so. `read` gives nothing more once it has ended, vanished, fallen silent for `silence` seconds, or
    `stop` was called. After `lifetime` seconds it is asked, once, to connect again.
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
        """Whether the bytes ran out without a word: the sender may come back."""
        return self._over and not self.ended

    def read(self, size: int, /) -> bytes:
        """See Readable. Raises BadRequest, and UnsupportedMedia with the words of a sender that gives up."""
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
                raise UnsupportedMedia(f"the sender gave up: {str(message.get('detail', ''))[:_DETAIL]}")
            case other:
                raise BadRequest(f"a message of the type {str(other)[:40]!r}: known are 'end' and 'error'")


class Notices:
    """Tells a sender what has become of its session: first that it is accepted, then of what is stored.

    `taken_seconds` is how much of this connection's video is stored, at least: media time goes on by the clock where a
    session waited for its sender, so the first segment after such a gap is not counted.
    """

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._session: str | None = None
        self._opened_with = 0
        self._counted_from: float | None = None

    def __call__(self, summary: Summary) -> None:
        """See `publish`. Runs on the session's thread that lists segments, which a slow sender must not hold up."""
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
        raise BadRequest("a text message is no JSON object")
    return found
