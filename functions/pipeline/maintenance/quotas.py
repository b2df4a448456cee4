"""Notes what the tenants of active streams have used today, and ends sessions for which a quota has no more room."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

from google.api_core.exceptions import GoogleAPICallError, RetryError

from ..cloud import metrics
from ..documents import streams
from ..documents.control import quotas
from ..documents.quota import allowances, use
from ..domain.errors import Failure, NotFound, OverQuota, UsedUp
from ..domain.model import Stream
from ..domain.quotas import Use, day
from ..sessions.stop import stop

log = logging.getLogger(__name__)
_KEPT_MINUTES = 10  # between two counts of what is kept: those of a week, not of a day


def sweep(now: datetime) -> int:
    """Settles each tenant with active streams. Returns how many sessions it ended. Idempotent."""
    ended = 0
    active = sorted(streams.active(), key=lambda stream: stream.tenant)
    for tenant, theirs in groupby(active, key=lambda stream: stream.tenant):
        try:
            ended += _settle(tenant, list(theirs), now)
        except (GoogleAPICallError, RetryError) as error:  # the others still have their turn
            log.warning("tenant %r is not counted: %s", tenant, error)
    return ended


def _settle(tenant: str, theirs: Iterable[Stream], now: datetime) -> int:
    before, at = allowances.noted(tenant, now)
    counts = at is None or now.minute % _KEPT_MINUTES == 0
    kept = use.kept(tenant, now) if counts else before.stored_bytes
    used = allowances.note(tenant, use.of(use.tenant(tenant), day(now)), kept, now)
    limits = quotas.limits(tenant)
    return sum(_end(stream, limits, used, now) for stream in theirs)


def _end(stream: Stream, limits: Mapping[str, Any], tenants: Use, now: datetime) -> bool:
    """True if the session of a stream was ended."""
    seconds = use.media_seconds(use.stream(stream.id), day(now))
    try:
        own = allowances.read(limits, stream.id)
        quotas.check(stream.id, stream.tenant, own, Use(media_seconds=seconds), tenants, now)
    except UsedUp as error:
        try:
            held = stop(stream.id, Failure.of(OverQuota(str(error))))
        except NotFound:  # deleted meanwhile
            return False
        if held is None:  # one that a store announces: the next announcement is refused
            return False
        log.warning("%s", error, extra={"labels": {"stream": stream.id, "session": held.session}})
        metrics.count("sessions_over_quota")
        return True
    return False
