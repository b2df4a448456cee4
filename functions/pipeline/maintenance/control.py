"""The database `control`: documents of earlier releases move there, and the configuration is published from it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from google.api_core.exceptions import AlreadyExists, FailedPrecondition
from google.api_core.exceptions import NotFound as GoogleNotFound

from ..cloud.clients import control_client, firestore_client
from ..documents import analysis_config
from ..domain import names

_moved = False


def move(now: datetime) -> int:
    """Moves keys, leases, quotas and the configuration out of the main database, once per process. Returns how many.

    Each is copied, then deleted: one that was copied and not deleted is only deleted the next time. What `control` has
    already is newer.
    """
    global _moved
    if _moved:
        return 0
    done = sum(_move(collection) for collection in names.CONTROL)
    _moved = True
    return done


def publish(now: datetime) -> int:
    """Writes the configuration's object where it differs from the document. Returns 1 if it did. Raises BadRequest."""
    return int(analysis_config.publish())


def forget() -> None:
    """Looks again at the next call."""
    global _moved
    _moved = False


def _move(collection: str) -> int:
    db, done = firestore_client(), 0
    for snapshot in db.collection(collection).stream():
        with suppress(AlreadyExists):
            control_client().document(snapshot.reference.path).create(snapshot.to_dict() or {})
        try:
            snapshot.reference.delete(db.write_option(last_update_time=snapshot.update_time))
        except (FailedPrecondition, GoogleNotFound):  # an instance of the release before still writes it
            continue
        done += 1
    return done
