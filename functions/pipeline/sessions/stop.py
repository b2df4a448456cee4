"""A stop, by an operator or for a quota: cuts off the publisher of a stream and ends its session."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ..documents import leases, pushes, streams
from ..documents.leases import Held
from ..domain.errors import Failure
from ..domain.model import StreamState
from . import stored


def stop(stream: str, reason: Failure | None = None) -> Held | None:
    """Stops the publisher of a stream and returns its lease; None if there is no publisher. Raises NotFound.

    `reason`, the quota that is used up, stands in the documents afterwards.

    The instance that serves a sender's connection cuts it off and ends the session. A sender without a connection (HLS
    push), or one that has vanished and is waited for, has no such instance: its session ends here.
    """
    held = leases.held(stream)
    if held is None or not leases.revoke(stream, reason):
        return None
    now = datetime.now(UTC)
    if held.origin == "hls" and reason is None:  # while a quota is used up no session begins anyway
        pushes.refuse(stream, held.holder, now + timedelta(seconds=leases.LASTS))
    why = reason and reason.fields()
    if held.origin == "hls" or held.expires <= now:
        for session in (*held.unfinished, *((held.session,) if held.session else ())):
            if closed := stored.close(stream, session):
                streams.update_session(stream, session, **closed, **({"error": why} if why else {}))
        state = StreamState.ERROR if reason else StreamState.ENDED
        streams.set_state(stream, state, error=why)
        pushes.forget(stream)
        leases.discard(stream)
    return held
