"""Listeners of pages at the Firestore emulator: it keeps messages for each until its targets are removed.

Google's own notices that a page is gone. The emulator notices neither that nor the page's own word (`terminate`), and
its memory fills up. So the targets of a listener (a WebChannel, known by its SID) are removed in the page's stead, and
the channel is ended: a page that was only asleep is told so by its next request, and listens again.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urlsplit

_GONE = 2.0  # seconds in which a page that has left may come back
_ASLEEP = 60.0  # seconds in which a page that was answered asks again: browsers let hidden ones wait
_SESSION = re.compile(rb'\["c","([^"]+)"')  # in the answer to the request that begins a channel
_MOST_ANSWER = 4 << 10  # bytes in which that is found

Send = Callable[[bytes, bytes], Awaitable[None]]


@dataclass(slots=True)
class _Listener:
    path: str
    query: dict[str, str]  # of every request, without its number
    number: int = 0  # of the last request
    sent: int = 0  # messages
    targets: set[int] = field(default_factory=set[int])
    waiting: int = 0  # requests under way
    ending: asyncio.Task[None] | None = None

    def hear(self, asked: dict[str, str], body: bytes) -> None:
        """Takes in what a page sends: which targets it adds and removes."""
        if not asked.get("RID", "").isdigit():
            return
        self.number = max(self.number, int(asked["RID"]))
        for name, (value, *_) in parse_qs(body.decode("latin-1")).items():
            if name == "ofs" and value.isdigit():
                self.sent = max(self.sent, int(value))
            elif name.endswith("___data__"):
                self.sent += 1
                self._change(value)

    def _change(self, message: str) -> None:
        with suppress(ValueError, TypeError, KeyError):
            said: dict[str, Any] = json.loads(message)
            if "addTarget" in said:
                self.targets.add(int(said["addTarget"]["targetId"]))
            elif "removeTarget" in said:
                self.targets.discard(int(said["removeTarget"]))

    def line(self, method: str, **more: str) -> bytes:
        """The first line of the next request."""
        self.number += 1
        query = urlencode({**self.query, "RID": str(self.number), **more}, quote_via=quote)
        return f"{method} {self.path}?{query} HTTP/1.1".encode()


class Listeners:
    """The listeners of all pages. `send` sends a request to the emulator: its first line, and its body."""

    def __init__(self, send: Send, gone: float = _GONE, asleep: float = _ASLEEP) -> None:
        """`gone`, `asleep`: seconds after which the listener of a page that left, or does not ask again, is ended."""
        self._send, self._gone, self._asleep = send, gone, asleep
        self._known: dict[str, _Listener] = {}

    async def request(self, first: bytes, body: bytes) -> Request:
        """A request of a page, before it is handed over."""
        target = urlsplit(first.split(b" ")[1].decode("latin-1"))
        asked = dict(parse_qsl(target.query))
        session = asked.get("SID", "")
        if session and session not in self._known:
            self._known[session] = _Listener(target.path, _kept(asked))
        known = self._known.get(session) or _Listener(target.path, _kept(asked))
        known.hear(asked, body)
        if session and asked.get("TYPE") == "terminate":
            await self._remove(self._known.pop(session))
            return Request(self, "", known)
        return Request(self, session, known)

    def begin(self, session: str, listener: _Listener) -> None:
        """A listener whose name is known now."""
        listener.query["SID"] = session
        self._known[session] = listener

    def leave(self, session: str, listener: _Listener, left: bool) -> None:
        """A request is answered, or its caller has `left`."""
        if self._known.get(session) is listener and not listener.waiting:
            listener.ending = asyncio.create_task(self._end(session, self._gone if left else self._asleep))

    async def _end(self, session: str, patience: float) -> None:
        await asyncio.sleep(patience)
        listener = self._known.pop(session)
        await self._remove(listener)
        await self._tell(listener.line("GET", TYPE="terminate"), b"")

    async def _remove(self, listener: _Listener) -> None:
        for target in sorted(listener.targets):
            said = json.dumps({"database": listener.query.get("database", ""), "removeTarget": target})
            body = urlencode({"count": "1", "ofs": str(listener.sent), "req0___data__": said}).encode()
            listener.sent += 1
            await self._tell(listener.line("POST"), body)
        listener.targets.clear()

    async def _tell(self, first: bytes, body: bytes) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):  # the emulator is not there
            await self._send(first, body)


class Request:
    """A request of a page, while it is answered."""

    def __init__(self, listeners: Listeners, session: str, listener: _Listener) -> None:
        self._listeners, self._session, self._listener = listeners, session, listener
        self._answer = b""
        listener.waiting += 1
        if listener.ending:
            listener.ending.cancel()
            listener.ending = None

    def answered(self, piece: bytes) -> None:
        """Takes in a piece of the answer: the first names the listener."""
        if self._session or len(self._answer) > _MOST_ANSWER or "SID" in self._listener.query:
            return
        self._answer += piece
        if found := _SESSION.search(self._answer):
            self._session = found[1].decode()
            self._listeners.begin(self._session, self._listener)

    def end(self, *, left: bool) -> None:
        """The answer is over, or its caller has `left` before."""
        self._listener.waiting -= 1
        self._listeners.leave(self._session, self._listener, left)


def _kept(asked: dict[str, str]) -> dict[str, str]:
    return {name: asked[name] for name in ("VER", "database", "gsessionid", "SID") if name in asked}
