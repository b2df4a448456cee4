"""An operator's stop: cuts off the publisher of a stream and ends its session."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ..documents import leases, pushes, streams
from ..documents.leases import Held
from ..domain.model import StreamState
from . import stored


def stop(stream: str) -> Held | None:
    """Stops the publisher of a stream and returns its lease; None if there is no publisher. Raises NotFound.

    The instance that serves a sender's connection cuts it off and ends the session. A sender without a connection (HLS
    push), or one that has vanished and is waited for, has no such instance: its session ends here.
    """
    held = leases.held(stream)
    if held is None or not leases.revoke(stream):
        return None
    now = datetime.now(UTC)
    if held.origin == "hls":
        pushes.refuse(stream, held.holder, now + timedelta(seconds=leases.LASTS))
    if held.origin == "hls" or held.expires <= now:
        for session in (*held.unfinished, *((held.session,) if held.session else ())):
            if closed := stored.close(stream, session):
                streams.update_session(stream, session, **closed)
        streams.set_state(stream, StreamState.ENDED, error=None)
        pushes.forget(stream)
        leases.discard(stream)
    return held
