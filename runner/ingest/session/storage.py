"""Segments and playlists into Cloud Storage."""

from __future__ import annotations

import base64
from typing import Protocol

import google_crc32c
from google.api_core.exceptions import GoogleAPICallError, PreconditionFailed, RetryError
from google.cloud.storage import Blob
from google.cloud.storage.retry import DEFAULT_RETRY
from requests import RequestException

from pipeline.cloud import metrics, objects, tracing
from pipeline.cloud.clients import media_bucket
from pipeline.cloud.objects import segment_metadata
from pipeline.domain import names
from pipeline.domain.errors import LeaseLost, Unavailable
from pipeline.domain.model import Segment

_TIMEOUT_SECONDS = 10  # of one attempt


class Storage(Protocol):
    """Storage for a session's objects. Both methods return once the object is durable.

    They raise Unavailable after a deadline, and LeaseLost if another publisher has written a new object.
    """

    def segment(self, segment: Segment, data: bytes) -> None:
        """Stores a new segment with its metadata."""
        ...

    def playlist(self, name: str, text: str) -> None:
        """Writes a playlist, replacing an older one."""
        ...


class CloudStorage:
    """The media bucket. Retries transient errors, with back-off, for `deadline` seconds."""

    def __init__(self, deadline: float) -> None:
        self._bucket = media_bucket()
        self._retry = DEFAULT_RETRY.with_delay(initial=0.25, maximum=4.0, multiplier=2.0).with_timeout(deadline)

    def segment(self, segment: Segment, data: bytes) -> None:
        """See Storage. An object with the same bytes is an earlier attempt's, whose answer got lost."""
        name, metadata = names.segment_object(segment.ref), segment_metadata(segment) | tracing.carried()
        try:
            with tracing.span("store segment", bytes=len(data)):
                objects.insert_new(name, data, "video/mp2t", metadata, timeout=_TIMEOUT_SECONDS, retry=self._retry)
            metrics.count("segments_stored")
        except PreconditionFailed:
            self._same(self._bucket.blob(name), segment, data)
        except (GoogleAPICallError, RetryError, RequestException) as error:
            raise Unavailable(f"segment {segment.ref.sequence} could not be stored: {error}") from error

    def playlist(self, name: str, text: str) -> None:
        """See Storage."""
        try:
            objects.write_playlist(name, text, timeout=_TIMEOUT_SECONDS, retry=self._retry)
        except (GoogleAPICallError, RetryError, RequestException) as error:
            raise Unavailable(f"a playlist could not be stored: {error}") from error

    def _same(self, blob: Blob, segment: Segment, data: bytes) -> None:
        """Raises LeaseLost if the object holds another publisher's segment: ours would be lost silently."""
        try:
            blob.reload(timeout=_TIMEOUT_SECONDS, retry=self._retry)
        except (GoogleAPICallError, RetryError, RequestException) as error:
            raise Unavailable(f"segment {segment.ref.sequence} could not be stored: {error}") from error
        if blob.crc32c != base64.b64encode(google_crc32c.Checksum(data).digest()).decode():
            raise LeaseLost(f"another publisher has stored a segment {segment.ref.sequence} in this session")
