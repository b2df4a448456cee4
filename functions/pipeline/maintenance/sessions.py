"""Marks sessions without a sender as waiting, and closes them once no sender may resume them."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from google.api_core.exceptions import GoogleAPICallError, RetryError

from ..cloud import metrics
from ..documents import leases
from ..documents.leases import Lapsed
from ..domain.errors import Conflict
from ..domain.model import StreamState
from ..sessions import stored

log = logging.getLogger(__name__)
_MARGIN = timedelta(seconds=2)  # clocks differ: a sender that may still resume must never meet a closed session
_PUBLISHING = (StreamState.CONNECTING, StreamState.LIVE)
_OPEN = (*_PUBLISHING, StreamState.RECONNECTING)


def sweep(now: datetime) -> int:
    """Settles every lapsed lease. Returns how many sessions it closed. Idempotent."""
    closed = 0
    for lease in leases.lapsed(now):
        try:
            closed += settle(lease, now)
        except Conflict as error:
            log.info("left alone: %s", error, extra={"labels": {"stream": lease.stream}})
        except (GoogleAPICallError, RetryError) as error:  # the others still have their turn
            log.warning("not closed yet: %s", error, extra={"labels": {"stream": lease.stream}})
    return closed


def settle(lease: Lapsed, now: datetime) -> int:
    """Closes the sessions of a lapsed lease, or marks its stream as waiting. Raises Conflict if the sender is back."""
    if lease.session and now < lease.reconnect_until + _MARGIN:
        # A publisher that was killed could not say so itself.
        waits = {"state": StreamState.RECONNECTING.value, "reconnect_until": lease.reconnect_until}
        leases.record(lease, lease.session, {}, waits, _PUBLISHING)
        return 0
    lease = leases.give_up(lease)
    error = lease.error and lease.error.fields()
    for session in lease.unfinished:
        facts = stored.close(lease.stream, session)
        stream: dict[str, Any] = {}
        if session == lease.unfinished[-1]:
            state = StreamState.ERROR if lease.error else StreamState.ENDED
            stream = {"state": state.value, "error": error, "reconnect_until": None}
            facts |= {"error": error} if facts and error else {}
        leases.record(lease, session, facts, stream, _OPEN)
        log.info("session closed", extra={"labels": {"stream": lease.stream, "session": session}})
    leases.forget(lease)
    metrics.count("sessions_ended", len(lease.unfinished))
    return len(lease.unfinished)
