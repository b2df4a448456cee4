"""The client's end of one WebSocket to ingest. docs/contracts.md lists the messages."""

from __future__ import annotations

import base64
import contextlib
import json
import logging
import socket
import threading
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from . import errors
from .answers import parsed, refusal

_OPEN_SECONDS = 10.0
_ACCEPT_SECONDS = 20.0
_END_SECONDS = 120.0  # the last segments are being stored meanwhile
_REASON_SECONDS = 2.0  # the error message may arrive this long after the connection broke
_UNACKNOWLEDGED_MS = 20_000  # data without acknowledgement: the other end, or the way there, has gone
_PROTOCOL = "media-analyzer"
_quiet = logging.getLogger("sender.frames")
_quiet.setLevel(logging.ERROR)  # it would log whole frames, the one with the key included


class Connection:
    """A connection that ingest has accepted. `taken`: how many seconds of it ingest has stored."""

    def __init__(self, url: str, key: str, origin: str) -> None:
        """Connects. Raises the SendError of ingest's answer; Unavailable without an answer."""
        self.taken = 0.0
        self.session: str | None = None
        self.renew = False  # ingest asks for a new connection, soon
        self._url = address(url)
        offered = (_PROTOCOL, "key." + base64.urlsafe_b64encode(key.encode()).decode().rstrip("="))
        self._error: errors.SendError | None = None
        self._summary: dict[str, Any] = {}
        self._accepted, self._over = threading.Event(), threading.Event()
        self._socket = _open(f"{self._url}?origin={origin}", offered)
        threading.Thread(target=self._listen, name="push-answers", daemon=True).start()
        if not self._accepted.wait(_ACCEPT_SECONDS):
            self._socket.close()
            raise self._error or errors.Unavailable(f"{self._url} did not answer within {_ACCEPT_SECONDS:g} s")
        if self._error:
            raise self._error

    def send(self, data: bytes) -> None:
        """Sends bytes of the container. Blocks while ingest is slow. Raises the SendError that ended the connection."""
        try:
            if data:
                self._socket.send(data)
        except ConnectionClosed:
            raise self._reason() from None

    def end(self) -> dict[str, Any]:
        """Ends the stream cleanly. Returns ingest's summary once everything is stored."""
        self._last({"type": "end"})
        if not self._over.wait(_END_SECONDS):
            raise errors.Unavailable(f"{self._url} did not finish within {_END_SECONDS:g} s")
        if self._error or not self._summary:
            raise self._reason()
        return self._summary

    def fail(self, detail: str) -> None:
        """Gives up. `detail` becomes the error that the stream shows."""
        self._last({"type": "error", "detail": detail})
        self._over.wait(_END_SECONDS)

    def leave(self) -> None:
        """Closes without an end: the session waits for the next connection."""
        self._socket.close()
        self._over.wait(_REASON_SECONDS)

    def _last(self, message: dict[str, str]) -> None:
        try:
            self._socket.send(json.dumps(message))
        except ConnectionClosed:
            raise self._reason() from None

    def _listen(self) -> None:
        try:
            for message in self._socket:
                self._hear(parsed(message))
        except WebSocketException:
            return  # broken off: the next `send` raises it
        finally:
            self._over.set()
            self._accepted.set()

    def _hear(self, message: dict[str, Any]) -> None:
        match message.get("type"):
            case "accepted":
                self.session = message.get("session")
                self._accepted.set()
            case "stored":
                self.session = message.get("session")
                self.taken = float(message.get("taken_seconds") or 0.0)
            case "reconnect":
                self.renew = True
            case "error":
                self._error = refusal(self._url, int(message.get("status") or 0), message)
            case "ended":
                self._summary = {name: value for name, value in message.items() if name != "type"}
            case _:
                return  # a newer ingest may send other messages

    def _reason(self) -> errors.SendError:
        self._over.wait(_REASON_SECONDS)
        return self._error or errors.Unavailable(f"{self._url} broke off")


def address(url: str) -> str:
    """ws(s)://HOST/streams/STREAM/live for any form of a stream's address. Raises BadRequest."""
    parts = urlsplit(url)
    scheme = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}.get(parts.scheme)
    if not scheme or not parts.hostname:
        raise errors.BadRequest(f"invalid address {url!r}: expected http(s) or ws(s)://HOST/streams/STREAM")
    path = parts.path.rstrip("/")
    return urlunsplit((scheme, parts.netloc, path if path.endswith("/live") else f"{path}/live", "", ""))


def _open(url: str, protocols: tuple[str, ...]) -> Any:
    try:
        # No pings: a slow ingest does not answer them.
        found = connect(
            url,
            subprotocols=[Subprotocol(one) for one in protocols],
            open_timeout=_OPEN_SECONDS,
            ping_interval=None,
            compression=None,
            logger=_quiet,
            legacy=True,
        )
    except InvalidStatus as error:
        raise refusal(url, error.response.status_code, parsed(bytes(error.response.body or b""))) from None
    except (OSError, WebSocketException) as error:
        raise errors.Unavailable(f"nothing answers at {url}: {error or type(error).__name__}") from error
    # ingest may have refused and closed by now: its reason is among the messages.
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        with contextlib.suppress(OSError):
            found.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNACKNOWLEDGED_MS)
    return found
