"""An operator's stop: whoever publishes a stream is cut off, and the session ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ..documents import leases, pushes, streams
from ..documents.leases import Held
from ..domain.model import StreamState
from . import stored


def stop(stream: str) -> Held | None:
    """Stops the publisher; who that was, None where there was none. Raises NotFound (a deleted stream).

    A sender with a connection is cut off by the instance that serves it, which then ends the session. One without
    (HLS push), or one that has vanished and is waited for, is held by nobody: its session ends here.
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
