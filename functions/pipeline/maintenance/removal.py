"""Deletes a stream with all that is its own, in bounded steps that can be begun again."""

from __future__ import annotations

import time

from ..cloud import objects
from ..documents import leases, streams
from ..documents.removal import delete_documents
from ..domain import names
from ..imports.settings import uploads_bucket

_PREFIXES = (names.SEGMENTS, names.PLAYLISTS, names.FRAMES, names.STAGING)
_BATCH = 1000  # objects of one listing


def remove(stream: str, seconds: float) -> bool:
    """Deletes for about so many seconds; False: there is more, call again. The stream's document goes last.

    The key goes first, so that nobody publishes meanwhile, and whoever publishes loses the lease.
    """
    deadline = time.monotonic() + seconds

    def in_time() -> bool:
        return time.monotonic() < deadline

    streams.revoke(stream)
    leases.revoke(stream)
    if not _delete_objects(stream, deadline) or not delete_documents(stream, in_time):
        return False
    _delete_objects(stream, deadline)  # what events in flight have written meanwhile; what is missed expires
    return True


def _delete_objects(stream: str, deadline: float) -> bool:
    places = [*((None, prefix) for prefix in _PREFIXES), (uploads_bucket(), names.UPLOADS)]
    for bucket, prefix in places:
        while objects.delete_some(f"{prefix}{stream}/", _BATCH, bucket):
            if time.monotonic() > deadline:
                return False
    return True
