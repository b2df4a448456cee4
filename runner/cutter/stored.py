"""The segments of a session, read one after the other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from google.api_core.exceptions import GoogleAPICallError, RetryError
from requests import RequestException

from pipeline.cloud import objects
from pipeline.cloud.clients import media_bucket
from pipeline.domain import names
from pipeline.domain.errors import Poison, Stale, Unavailable
from pipeline.domain.model import Segment, SegmentRef

log = logging.getLogger(__name__)
_TIMEOUT = 20  # seconds
_LARGEST = 256 << 20  # bytes of a segment


@dataclass(frozen=True, slots=True)
class Piece:
    """A stored segment and how to read it."""

    segment: Segment
    read: Callable[[], bytes]

    @property
    def end(self) -> float:
        """Media time, in seconds."""
        return self.segment.media_time + self.segment.duration


def pieces(stream: str, session: str) -> Iterator[Piece]:
    """The stored segments of a session, in order. Some may have expired, or are damaged: they are left out."""
    first = names.segment_object(SegmentRef(stream, session, 0))
    blobs = media_bucket().list_blobs(
        prefix=f"{first.rpartition('/')[0]}/",
        fields="items(name,metadata,generation,size),nextPageToken",
        timeout=_TIMEOUT,
    )
    try:
        for blob in blobs:
            name, generation = str(blob.name), int(blob.generation or 0)
            if int(blob.size or 0) > _LARGEST:
                log.warning("%s is left out: it has %s bytes", name, blob.size)
                continue
            try:
                found = objects.segment(name, blob.metadata or {})
            except Poison as error:
                log.warning("left out: %s", error)
                continue
            yield Piece(found, lambda name=name, generation=generation: _read(name, generation))
    except (GoogleAPICallError, RetryError, RequestException) as error:
        raise Unavailable(f"the session's segments could not be listed: {error}") from error


def _read(name: str, generation: int) -> bytes:
    try:
        return objects.read(name, generation)
    except Stale:
        return b""
    except (GoogleAPICallError, RetryError, RequestException) as error:
        raise Unavailable(f"{name} could not be read: {error}") from error
