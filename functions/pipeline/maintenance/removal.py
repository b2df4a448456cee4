"""Deletion of a stream with its objects and documents, in bounded steps that can be repeated."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from google.cloud.firestore import CollectionReference, FieldFilter, Query

from ..cloud import objects
from ..cloud.clients import control_client, firestore_client
from ..documents import leases, streams
from ..documents.control import quotas, stream_keys, upload_sessions
from ..documents.people import shares
from ..documents.quota import allowances, use
from ..documents.spoken import transcriptions
from ..domain import names
from ..domain.errors import NotFound
from ..domain.quotas import day
from ..imports.settings import uploads_bucket

_LIVE = (names.SEGMENTS, names.FRAMES, names.RESULTS)
_PREFIXES = (
    *_LIVE,
    *(f"{names.BATCH}{prefix}" for prefix in _LIVE),
    names.PLAYLISTS,
    names.SOUND,
    names.STAGING,
    names.CLIPS,
)
_ABOUT = ("rules", "alerts")  # collections of documents that name the stream they are about
_LISTING = 1000  # objects
_COMMIT = 400  # documents: Firestore takes 500


def remove(stream: str, seconds: float) -> bool:
    """Deletes until `seconds` have passed. Returns False if anything remains: call again.

    The key goes first, so that no sender can publish meanwhile, and the current one loses its lease; then the links
    that share it, and the uploads that have begun. The stream's document goes last.
    """
    deadline = time.monotonic() + seconds

    def in_time() -> bool:
        return time.monotonic() < deadline

    stream_keys.void(stream)
    leases.revoke(stream)
    shares.delete_all(stream)
    upload_sessions.delete_all(stream)
    transcriptions.delete_all(stream)
    _settle(stream)
    if not _delete_objects(stream, deadline) or not delete_documents(stream, in_time):
        return False
    _delete_objects(stream, deadline)  # those that events in flight have written meanwhile; any later ones expire
    return True


def _settle(stream: str) -> None:
    """Keeps what the stream has used today, for its tenant, and forgets its limits."""
    try:
        found = streams.get(stream)
    except NotFound:
        return
    now = datetime.now(UTC)
    life = f"{stream}-{found.created.timestamp() if found.created else 0:.0f}"
    allowances.keep(found.tenant, life, use.of(use.stream(stream), day(now)), now)
    quotas.forget_stream(stream, found.tenant)


def delete_documents(stream: str, in_time: Callable[[], bool]) -> bool:
    """Deletes every document under a stream, then the stream's own. Returns False if time ran out before."""
    db = firestore_client()
    document = db.document(names.stream_path(stream))
    for session in document.collection("sessions").list_documents():
        if not all(_clear(leaf, in_time) for leaf in session.collections()):
            return False
        session.delete()
    if not all(_clear(leaf, in_time) for leaf in document.collections()):
        return False
    about = FieldFilter("stream", "==", stream)
    if not all(_clear(db.collection(name).where(filter=about), in_time) for name in _ABOUT):
        return False
    control = control_client()
    batch = control.batch()
    for path in names.OF_A_STREAM:
        batch.delete(control.document(path(stream)))
    batch.commit()
    document.delete()
    return True


def _delete_objects(stream: str, deadline: float) -> bool:
    places = [*((None, prefix) for prefix in _PREFIXES), (uploads_bucket(), names.UPLOADS)]
    for bucket, prefix in places:
        while objects.delete_some(f"{prefix}{stream}/", _LISTING, bucket):
            if time.monotonic() > deadline:
                return False
    return True


def _clear(collection: CollectionReference | Query, in_time: Callable[[], bool]) -> bool:
    while found := list(collection.select([]).limit(_COMMIT).stream()):
        if not in_time():
            return False
        batch = firestore_client().batch()
        for snapshot in found:
            batch.delete(snapshot.reference)
        batch.commit()
    return True
