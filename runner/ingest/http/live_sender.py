"""A sender on a WebSocket: its bytes, its end, and the messages to it.

sender                                     ingest
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
from typing import Annotated, Any, Literal, get_args

from msgspec import Struct

from pipeline.domain import shapes
from pipeline.domain.errors import BadRequest, UnsupportedMedia

from ..session.session import Summary
from .websocket import WebSocket

Origin = Literal["websocket", "webcam", "screen", "rtmp", "file"]
_ORIGINS = ", ".join(get_args(Origin))
_MAX_DETAIL = 500  # characters of a sender's own words


class Query(Struct, frozen=True):
    """The query of a sender's address: the origin of the video, which becomes the stream's `source`.

    Other fields are ignored, so that senders of later releases are understood.
    """

    origin: Annotated[Origin, shapes.must(f"be one of {_ORIGINS}: where the video comes from")] = "websocket"


class Last(Struct, frozen=True):
    """The message that ends a session: a clean end, or the reason for which the sender gives up."""

    type: Annotated[Literal["end", "error"], shapes.must("be 'end' or 'error'")]
    detail: str = ""


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
            self._end(shapes.read(_object(message), Last))

    def _end(self, message: Last) -> None:
        self.ended = self._over = True
        if message.type == "error":
            raise UnsupportedMedia(f"the sender gave up: {message.detail[:_MAX_DETAIL]}")


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


def _object(text: str) -> dict[str, Any]:
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadRequest("invalid text message: expected a JSON object")
    return found
