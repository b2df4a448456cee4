"""What an HLS push has left in the bucket."""

from __future__ import annotations

import threading
from typing import Any

from google.cloud import firestore, storage
from tests.contract.ingest.conftest import Publishing
from tests.lint.hls import lint
from tests.unit.ingest.clips import numbers
from tests.wait import until

from pipeline.cloud import objects
from pipeline.domain import names
from pipeline.domain.model import Segment


def placed(bucket: storage.Bucket, stream: Publishing) -> list[Segment]:
    return [objects.segment(str(blob.name), blob.metadata or {}) for blob in stored(bucket, stream)]


def shown(bucket: storage.Bucket, stream: Publishing) -> list[int]:
    """The numbers of the pictures in what is stored, those that begin each segment."""
    return [numbers(blob.download_as_bytes())[0] for blob in stored(bucket, stream)]


def live(bucket: storage.Bucket, stream: Publishing, session: str) -> str:
    text = bucket.blob(names.live_playlist(stream.id, session)).download_as_text()
    assert lint(text) == []
    return text


def stored(bucket: storage.Bucket, stream: Publishing) -> list[storage.Blob]:
    """The segments, session by session: the ids of two that begin in the same second have no order."""
    blobs = sorted(bucket.list_blobs(prefix=f"segments/{stream.id}/"), key=lambda blob: blob.time_created)
    sessions = list(dict.fromkeys(blob.name.split("/")[2] for blob in blobs))
    return sorted(blobs, key=lambda blob: (sessions.index(blob.name.split("/")[2]), blob.name))


def document(db: firestore.Client, stream: Publishing) -> dict[str, Any]:
    return db.document(names.stream_path(stream.id)).get().to_dict() or {}


def ended(db: firestore.Client, stream: Publishing) -> dict[str, Any]:
    """The stream's document once its session is over."""
    return reached(db, stream, "ended", "error")


def reached(db: firestore.Client, stream: Publishing, *states: str) -> dict[str, Any]:
    """The stream's document once it is in one of `states`."""

    def there() -> dict[str, Any] | None:
        return found if (found := document(db, stream)).get("state") in states else None

    return until(there, 60, lambda: f"{' or '.join(states)} of {document(db, stream)}")


def wait_until(db: firestore.Client, stream: Publishing, state: str) -> dict[str, Any]:
    """Waits for Firestore to say so."""
    reached = threading.Event()
    reference = db.document(f"streams/{stream.id}")
    watch = reference.on_snapshot(lambda docs, *_: docs[0].get("state") == state and reached.set())
    try:
        assert reached.wait(60), reference.get().to_dict()
    finally:
        watch.unsubscribe()
    return reference.get().to_dict() or {}
