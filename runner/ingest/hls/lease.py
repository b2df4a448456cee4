"""The lease of a sender whose requests reach any instance: each request joins it, and nobody keeps it in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pipeline.documents import leases, pushes
from pipeline.documents.leases import Lease
from pipeline.domain.errors import Conflict

_ATTEMPTS = 4


def hold(stream: str, sender: str) -> Lease:
    """The sender's lease, renewed. Raises Conflict where another publishes, or where an operator stopped this one."""
    pushes.check(stream, sender, datetime.now(UTC), timedelta(seconds=leases.LASTS))
    for left in reversed(range(_ATTEMPTS)):
        try:
            return leases.acquire(stream, sender, origin="hls", join=True)
        except Conflict:
            if not left:  # else another request of this sender may only have come first
                raise
    raise AssertionError("unreachable")
