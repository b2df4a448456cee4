"""From a source of bytes to a session: the one way, whatever the bytes came over."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.store import leases, streams

from .keeper import Keeper
from .registry import REGISTRY
from .rewind import Source
from .session import Session, Summary
from .settings import Ingest
from .storage import CloudStorage


def _unheard(summary: Summary) -> None:
    """Nobody wants to know."""


def publish(
    stream: str,
    source: Source,
    *,
    settings: Ingest,
    stop: Callable[[], None],
    holder: str,
    origin: str,
    session: str | None = None,
    told: Callable[[Summary], None] = _unheard,
) -> Summary:
    """Publishes `source` as `stream`'s session until it ends. The caller has authenticated.

    `stop`, called from another thread, ends the source: the lease was lost, the stream was deleted, or this instance
    shuts down. `holder` is who publishes, as the next in line reads it; `origin` becomes the stream's `source`.
    `session` names the session to begin or to go on with, where the caller knows. `told` hears of the session when it
    opens, and of each segment once it is listed. Raises Conflict where somebody else publishes, LeaseLost, NotFound
    (a deleted stream), UnsupportedMedia, Unavailable.
    """
    with REGISTRY.claim(stop, settings.max_streams):
        lease = leases.acquire(stream, holder, origin=origin, session=session)
        with Keeper(lease, stop) as keeper:
            try:
                running = Session(
                    stream, lease.session, settings, CloudStorage(settings.upload_deadline), streams.record, stop=stop
                )
                told(running.summary())
                summary = running.run(source)
                keeper.check()
            finally:
                lease.release()
        return summary
