"""`providers/{name}`: the status of a provider, as observed by its last caller. Browsers show it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from ..cloud.clients import firestore_client
from ..domain import names
from ..domain.batch import BATCH, shares
from ..domain.providers import ProviderInfo, ProviderState

_EACH_SECONDS = 15.0
_EACH_ERROR_SECONDS = 2.0


def get_all(providers: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The documents of `providers`, by name; one that was never called is missing."""
    db = firestore_client()
    found = db.get_all([db.document(names.provider_path(provider)) for provider in providers])
    return {str(snapshot.id): snapshot.to_dict() or {} for snapshot in found if snapshot.exists}


def write(provider: str, fields: Mapping[str, Any]) -> None:
    """Merges `fields` into a provider's document."""
    firestore_client().document(names.provider_path(provider)).set(dict(fields), merge=True)


class Reporter:
    """Writes the status of one provider, as this process sees it: at once when it changes, else every 15 s.

    The last writer wins: other instances see much the same.
    """

    def __init__(
        self,
        provider: str,
        write: Callable[[str, dict[str, Any]], None] = write,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._provider = provider
        self._write = write
        self._clock = clock
        self._lock = Lock()
        self._told: tuple[ProviderState, ProviderInfo | None] | None = None
        self._at = 0.0

    def tell(self, info: ProviderInfo, state: ProviderState, error: str | None) -> None:
        """Takes in the outcome of a call; `error` is None where it succeeded."""
        now = self._clock()
        with self._lock:
            news = self._told != (state, ProviderInfo(info.model, info.device))
            if not news and now - self._at < (_EACH_SECONDS if error is None else _EACH_ERROR_SECONDS):
                return
            self._told, self._at = (state, ProviderInfo(info.model, info.device)), now
        fields: dict[str, Any] = {
            "state": state.value,
            "model": info.model,
            "device": info.device,
            "queue": info.queue,
            "updated": datetime.now(UTC),
        }
        if error is not None:
            fields |= {"last_error": error, "last_error_at": fields["updated"]}
        # What imports and reanalyses meet with says nothing of live streams, whose circuit breakers are others.
        self._write(self._provider, {BATCH: fields} if shares().lane == BATCH else fields)
