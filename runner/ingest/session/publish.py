"""Publishes a live source as a session: the one way, whatever protocol its bytes come over."""

from __future__ import annotations

import gc
from collections.abc import Callable

from pipeline.control import lease as leases
from pipeline.documents import streams

from ..media.replay_buffer import Source
from ..settings import Ingest
from .active_streams import ACTIVE_STREAMS, Capacity
from .broadcast import Broadcast
from .feed import LiveFeed
from .lease_keeper import LeaseKeeper
from .session import Context, Summary
from .storage import CloudStorage


def publish(
    stream: str,
    source: Source,
    *,
    settings: Ingest,
    stop: Callable[[], None],
    holder: str,
    origin: str,
    session: str | None = None,
    on_listed: Callable[[Summary], None] = lambda _: None,
) -> Summary:
    """Publishes `source` as a session of `stream` until it ends. The caller has authenticated the sender.

    `stop` is called from another thread and ends the source: the lease was lost, the stream was deleted, or this
    instance shuts down. `holder` describes the publisher to the next one that asks for the stream; `origin` becomes the
    stream's `source`. `session` names the session to begin or to continue, if the caller knows it. `on_listed` is
    called when the session opens and after each listing. If the source is `broken` at its end, the session waits for
    the sender to come back. Raises Conflict if another sender publishes, LeaseLost, NotFound (a deleted stream),
    UnsupportedMedia, Unavailable.
    """
    try:
        return _publish(stream, source, settings, stop, holder, origin, session, on_listed)
    finally:
        gc.collect()  # PyAV's containers and their streams refer to each other, decoders and all


def _publish(
    stream: str,
    source: Source,
    settings: Ingest,
    stop: Callable[[], None],
    holder: str,
    origin: str,
    session: str | None,
    on_listed: Callable[[Summary], None],
) -> Summary:
    with ACTIVE_STREAMS.claim(stop, Capacity(settings.max_streams, settings.max_transcodes)) as slot:
        lease = leases.acquire(stream, holder, origin=origin, session=session, resume_seconds=settings.resume_seconds)
        with LeaseKeeper(lease, stop) as keeper:
            storage = CloudStorage(settings.upload_deadline)
            context = Context(
                stream=stream,
                settings=settings,
                storage=storage,
                record=streams.record,
                check_lease=keeper.check,
                on_deleted=stop,
                on_listed=on_listed,
                weigh=slot.weigh,
            )
            return Broadcast(lease, keeper, context, LiveFeed(source)).run(origin)
