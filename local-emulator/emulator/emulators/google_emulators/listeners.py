"""Listeners of pages at the Firestore emulator: it keeps messages for each until it is told that the page is gone.

A page says so where it can. One whose browser was closed or crashed cannot, and the emulator's memory fills up. A page
that is there always waits for messages: its next request follows the last within seconds.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager, suppress
from urllib.parse import parse_qsl, urlencode, urlsplit

_PATIENCE = 30.0  # seconds without a request of the page
_LAST = 1_000_000  # the number of the request that ends a listener: above those of its page


class Listeners:
    """Ends each listener (a WebChannel, by its SID) whose page has not waited for its messages for a while."""

    def __init__(self, end: Callable[[bytes], Awaitable[None]], patience: float = _PATIENCE) -> None:
        """`end` sends a request, by its first line, to the emulator."""
        self._end = end
        self._patience = patience
        self._waiting: Counter[str] = Counter()
        self._ending: dict[str, asyncio.Task[None]] = {}

    @contextmanager
    def request(self, first: bytes) -> Generator[None]:
        """While a request is answered: `first` is its first line."""
        target = first.split(b" ")[1].decode("latin-1") if first.count(b" ") == 2 else ""
        asked = dict(parse_qsl(urlsplit(target).query))
        listener = asked.get("SID", "")
        if not listener:
            yield
            return
        self._stay(listener)
        self._waiting[listener] += 1
        try:
            yield
        finally:
            self._waiting[listener] -= 1
            if not self._waiting[listener]:
                del self._waiting[listener]
                if asked.get("TYPE") != "terminate":
                    asked |= {"RID": str(_LAST), "TYPE": "terminate"}
                    last = f"GET {urlsplit(target).path}?{urlencode(asked)} HTTP/1.1".encode()
                    self._ending[listener] = asyncio.create_task(self._leave(listener, last))

    def _stay(self, listener: str) -> None:
        if ending := self._ending.pop(listener, None):
            ending.cancel()

    async def _leave(self, listener: str, last: bytes) -> None:
        await asyncio.sleep(self._patience)
        del self._ending[listener]
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):  # the emulator is not there
            await self._end(last)
