"""Deletes a stream's documents, a bounded batch at a time."""

from __future__ import annotations

from collections.abc import Callable

from google.cloud.firestore import CollectionReference

from ..cloud.clients import firestore_client
from ..domain import names

_BATCH = 400  # documents of one commit: Firestore takes 500


def delete_documents(stream: str, in_time: Callable[[], bool]) -> bool:
    """Deletes everything under a stream, and then the stream; False where time ran out before."""
    db = firestore_client()
    document = db.document(names.stream_path(stream))
    for session in document.collection("sessions").list_documents():
        if not all(_clear(leaf, in_time) for leaf in session.collections()):
            return False
        session.delete()
    if not all(_clear(leaf, in_time) for leaf in document.collections()):
        return False
    batch = db.batch()
    for path in (names.key_path, names.lease_path, names.push_path, names.refusal_path):
        batch.delete(db.document(path(stream)))
    batch.delete(document)
    batch.commit()
    return True


def _clear(collection: CollectionReference, in_time: Callable[[], bool]) -> bool:
    while found := list(collection.select([]).limit(_BATCH).stream()):
        if not in_time():
            return False
        batch = firestore_client().batch()
        for snapshot in found:
            batch.delete(snapshot.reference)
        batch.commit()
    return True
