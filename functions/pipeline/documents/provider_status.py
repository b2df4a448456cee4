"""What is told of a provider in `providers/{name}`: at once when its state changes, else now and then."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from ..detection.base import Info
from ..detection.breaker import State
from . import providers

_EACH = 15.0  # seconds
_EACH_ERROR = 2.0  # seconds


class Reporter:
    """Of one provider, in this process. The document is the last one's to write: other instances see much the same."""

    def __init__(
        self,
        provider: str,
        write: Callable[[str, dict[str, Any]], None] = providers.write,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._provider = provider
        self._write = write
        self._clock = clock
        self._lock = Lock()
        self._told: tuple[State, Info | None] | None = None
        self._at = 0.0

    def tell(self, info: Info, state: State, error: str | None) -> None:
        """After a call: `error` is what it failed with."""
        now = self._clock()
        with self._lock:
            news = self._told != (state, Info(info.model, info.device))
            if not news and now - self._at < (_EACH if error is None else _EACH_ERROR):
                return
            self._told, self._at = (state, Info(info.model, info.device)), now
        fields: dict[str, Any] = {
            "state": state.value,
            "model": info.model,
            "device": info.device,
            "queue": info.queue,
            "updated": datetime.now(UTC),
        }
        if error is not None:
            fields |= {"last_error": error, "last_error_at": fields["updated"]}
        self._write(self._provider, fields)
