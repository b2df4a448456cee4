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

_TIMEOUT = 10  # seconds of one attempt


class Storage(Protocol):
    """Where a session's objects go. Both return once they are durable, and raise Unavailable past a deadline.

    Raises LeaseLost where another publisher has written what was to be new.
    """

    def segment(self, segment: Segment, data: bytes) -> None:
        """Stores a new segment with its metadata."""
        ...

    def playlist(self, name: str, text: str) -> None:
        """Writes a playlist, over an older one where there is one."""
        ...


class CloudStorage:
    """The media bucket. Transient errors are tried again, with back-off, for `deadline` seconds."""

    def __init__(self, deadline: float) -> None:
        self._bucket = media_bucket()
        self._retry = DEFAULT_RETRY.with_delay(initial=0.25, maximum=4.0, multiplier=2.0).with_timeout(deadline)

    def segment(self, segment: Segment, data: bytes) -> None:
        """See Storage. An object that exists is an earlier attempt's, whose answer got lost, if it holds the same."""
        blob = self._bucket.blob(names.segment_object(segment.ref))
        blob.metadata = segment_metadata(segment) | tracing.carried()
        blob.cache_control = "public, max-age=31536000, immutable"
        try:
            with tracing.span("store segment", bytes=len(data)):
                blob.upload_from_string(
                    data, "video/mp2t", if_generation_match=0, checksum="crc32c", timeout=_TIMEOUT, retry=self._retry
                )
            metrics.count("segments_stored")
        except PreconditionFailed:
            self._same(blob, segment, data)
        except (GoogleAPICallError, RetryError, RequestException) as error:
            raise Unavailable(f"segment {segment.ref.sequence} could not be stored: {error}") from error

    def playlist(self, name: str, text: str) -> None:
        """See Storage."""
        try:
            objects.write_playlist(name, text, timeout=_TIMEOUT, retry=self._retry)
        except (GoogleAPICallError, RetryError, RequestException) as error:
            raise Unavailable(f"a playlist could not be stored: {error}") from error

    def _same(self, blob: Blob, segment: Segment, data: bytes) -> None:
        """Somebody else's segment under this name must not pass for ours: ours would be lost without a word."""
        try:
            blob.reload(timeout=_TIMEOUT, retry=self._retry)
        except (GoogleAPICallError, RetryError, RequestException) as error:
            raise Unavailable(f"segment {segment.ref.sequence} could not be stored: {error}") from error
        if blob.crc32c != base64.b64encode(google_crc32c.Checksum(data).digest()).decode():
            raise LeaseLost(f"another publisher has stored a segment {segment.ref.sequence} in this session")
