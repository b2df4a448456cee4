"""What an HLS push has left in the bucket."""

from __future__ import annotations

from google.cloud import storage
from tests.contract.ingest.conftest import Publishing
from tests.contract.ingest.test_publish import stored
from tests.lint.hls import lint
from tests.unit.ingest.clips import numbers

from pipeline import names, objects
from pipeline.model import Segment


def placed(bucket: storage.Bucket, stream: Publishing) -> list[Segment]:
    return [objects.segment(str(blob.name), blob.metadata or {}) for blob in stored(bucket, stream)]


def shown(bucket: storage.Bucket, stream: Publishing) -> list[int]:
    """The numbers of the pictures in what is stored, those that begin each segment."""
    return [numbers(blob.download_as_bytes())[0] for blob in stored(bucket, stream)]


def live(bucket: storage.Bucket, stream: Publishing, session: str) -> str:
    text = bucket.blob(names.live_playlist(stream.id, session)).download_as_text()
    assert lint(text) == []
    return text
