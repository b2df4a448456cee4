"""Segments and playlists into Cloud Storage."""

from __future__ import annotations

from typing import Protocol

from google.api_core.exceptions import GoogleAPICallError, PreconditionFailed, RetryError
from google.cloud.storage.retry import DEFAULT_RETRY
from requests import RequestException

from pipeline import names
from pipeline.clients import media_bucket
from pipeline.errors import Unavailable
from pipeline.model import Segment
from pipeline.objects import segment_metadata

_TIMEOUT = 10  # seconds of one attempt


class Storage(Protocol):
    """Where a session's objects go. Both return once they are durable, and raise Unavailable past a deadline."""

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
        """See Storage. An object that exists is an earlier attempt's, whose answer got lost: ids are never reused."""
        blob = self._bucket.blob(names.segment_object(segment.ref))
        blob.metadata = segment_metadata(segment)
        blob.cache_control = "public, max-age=31536000, immutable"
        try:
            blob.upload_from_string(
                data, "video/mp2t", if_generation_match=0, checksum="crc32c", timeout=_TIMEOUT, retry=self._retry
            )
        except PreconditionFailed:
            return
        except (GoogleAPICallError, RetryError, RequestException) as error:
            raise Unavailable(f"segment {segment.ref.sequence} could not be stored: {error}") from error

    def playlist(self, name: str, text: str) -> None:
        """See Storage."""
        blob = self._bucket.blob(name)
        blob.cache_control = "no-cache"
        try:
            blob.upload_from_string(text.encode(), "application/vnd.apple.mpegurl", timeout=_TIMEOUT, retry=self._retry)
        except (GoogleAPICallError, RetryError, RequestException) as error:
            raise Unavailable(f"a playlist could not be stored: {error}") from error
