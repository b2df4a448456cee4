"""From a source of bytes to a session: the one way, whatever the bytes came over."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.documents import leases, streams

from ..media.probe import open_media
from ..media.replay_buffer import Source
from ..settings import Ingest
from .active_streams import REGISTRY, Room
from .broadcast import Broadcast, Opens
from .lease_keeper import Keeper
from .session import Context, Summary
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
    opens: Opens = open_media,
) -> Summary:
    """Publishes `source` as `stream`'s session until it ends. The caller has authenticated.

    `stop`, called from another thread, ends the source: the lease was lost, the stream was deleted, or this instance
    shuts down. `holder` is who publishes, as the next in line reads it; `origin` becomes the stream's `source`.
    `session` names the session to begin or to go on with, where the caller knows. `told` hears of the session when it
    opens, and of each segment once it is listed. `opens` makes media of the source. Where the source is `broken` in
    the end, the session waits for the sender to come back. Raises Conflict where somebody else publishes, LeaseLost,
    NotFound (a deleted stream), UnsupportedMedia, Unavailable.
    """
    with REGISTRY.claim(stop, Room(settings.max_streams, settings.max_transcodes)) as place:
        lease = leases.acquire(stream, holder, origin=origin, session=session, resume_seconds=settings.resume_seconds)
        with Keeper(lease, stop) as keeper:
            storage = CloudStorage(settings.upload_deadline)
            context = Context(stream, settings, storage, streams.record, keeper.check, stop, told, weigh=place.weigh)
            return Broadcast(lease, keeper, context, opens).run(source, origin)
