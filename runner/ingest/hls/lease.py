"""The lease of an HLS sender. Its requests may reach any instance: each one joins the lease and renews it."""

from __future__ import annotations

from pipeline.control import lease as leases
from pipeline.control.lease import Lease
from pipeline.domain.errors import Conflict, Stopped

_ATTEMPTS = 4


def hold(stream: str, sender: str) -> Lease:
    """Renews the sender's lease. Raises Conflict if another sender publishes, or if an operator stopped this one."""
    for left in reversed(range(_ATTEMPTS)):
        try:
            return leases.acquire(stream, sender, origin="hls", join=True)
        except Stopped:
            raise
        except Conflict:
            if not left:  # before that, another request of the same sender may have come first
                raise
    raise AssertionError("unreachable")
