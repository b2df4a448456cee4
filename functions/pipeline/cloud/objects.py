"""Objects of the media bucket: their metadata, reads, and writes that happen exactly once.

The metadata's names are those of docs/contracts.md; `segment_metadata` and `segment` are each other's inverse.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from google.api_core.exceptions import Forbidden, NotFound, PreconditionFailed

from ..domain import names
from ..domain.errors import BadRequest, Poison, Stale
from ..domain.model import FrameRef, SampledFrame, Segment, SegmentRef
from .clients import media_bucket

if TYPE_CHECKING:
    from google.cloud.storage import Blob, Bucket

REVISION = "revision"
"""Metadata of a frame: the revision of the configuration it was sampled under (documents.analysis_config)."""
REQUEST, KINDS = "request", "kinds"
"""Metadata of a frame in the message that announces it again: whose answer it is to be, and the kinds to look for."""
WRITE_SECONDS = 1.0
"""Least seconds between two writes of one object. Source: https://cloud.google.com/storage/quotas#objects."""
_TIMEOUT = 20  # seconds
_FOR_EVER = "public, max-age=31536000, immutable"
_DELETERS = 8  # the client keeps 10 connections


def segment_metadata(segment: Segment) -> dict[str, str]:
    """The metadata of a segment's object."""
    return {
        "media-time": f"{segment.media_time:.6f}",
        "duration": f"{segment.duration:.6f}",
        "program-date-time": segment.program_date_time.isoformat(),
        "discontinuity": str(segment.discontinuity).lower(),
    }


def segment(name: str, metadata: Mapping[str, str]) -> Segment:
    """The segment that an object's name and metadata describe. Raises Poison, naming what is wrong."""
    try:
        return Segment(
            ref=names.parse_segment(name),
            media_time=_seconds(metadata["media-time"]),
            duration=_seconds(metadata["duration"]),
            program_date_time=_aware(metadata["program-date-time"]),
            discontinuity=metadata.get("discontinuity") == "true",
        )
    except KeyError as error:
        raise Poison(f"{name} lacks the metadata {error}") from None
    except (BadRequest, ValueError) as error:
        raise Poison(f"the metadata of {name} cannot be used: {error}") from None


def segment_ref(name: str) -> SegmentRef:
    """The segment that an object of this name holds. Raises Poison."""
    try:
        return names.parse_segment(name)
    except BadRequest as error:
        raise Poison(str(error)) from None


def segments(stream: str, session: str, since: int = 0) -> Iterator[Segment]:
    """The stored segments of a session from sequence `since` on, in order, until one is missing."""
    first = names.segment_object(SegmentRef(stream, session, since))
    blobs = media_bucket().list_blobs(
        prefix=f"{first.rpartition('/')[0]}/",
        start_offset=first,
        fields="items(name,metadata),nextPageToken",
        timeout=_TIMEOUT,
    )
    for expected, blob in enumerate(blobs, since):
        found = segment(str(blob.name), blob.metadata or {})
        if found.ref.sequence != expected:
            return
        yield found


@dataclass(frozen=True, slots=True)
class StoredSegment:
    """A segment and its bytes."""

    segment: Segment
    data: bytes


def stored_segment(ref: SegmentRef, most: int) -> StoredSegment | None:
    """A stored segment; None if it is missing, larger than `most` bytes, or its metadata cannot be used."""
    name = names.segment_object(ref)
    blob = media_bucket().get_blob(name, timeout=_TIMEOUT)
    if blob is None or int(blob.size or 0) > most:
        return None
    try:
        return StoredSegment(segment(name, blob.metadata or {}), read(name, int(blob.generation or 0)))
    except (Poison, Stale):
        return None


def frame_metadata(frame: SampledFrame) -> dict[str, str]:
    """The metadata of a frame's object. `segment` is the segment's sequence."""
    return {
        "segment": str(frame.segment),
        "reason": frame.reason.value,
        "width": str(frame.width),
        "height": str(frame.height),
    }


def frame_size(name: str, metadata: Mapping[str, str]) -> tuple[int, int]:
    """A frame's width and height in pixels. Raises Poison."""
    try:
        width, height = int(metadata["width"]), int(metadata["height"])
    except KeyError as error:
        raise Poison(f"{name} lacks the metadata {error}") from None
    except ValueError as error:
        raise Poison(f"{name} has a malformed size: {error}") from None
    if width < 1 or height < 1:
        raise Poison(f"{name} claims to be {width}x{height} pixels")
    return width, height


def read(name: str, generation: int) -> bytes:
    """Reads one generation of an object whole and verifies its checksum. Raises Stale if it no longer exists."""
    try:
        return media_bucket().blob(name, generation=generation).download_as_bytes(raw_download=True, timeout=_TIMEOUT)
    except NotFound:
        raise Stale(f"{name} (generation {generation}) has been deleted or replaced") from None


def frame(ref: FrameRef) -> bytes | None:
    """A sampled frame's picture; None if it has been deleted."""
    try:
        return media_bucket().blob(names.frame_object(ref)).download_as_bytes(raw_download=True, timeout=_TIMEOUT)
    except NotFound:
        return None


def write_results(ref: FrameRef, results: Mapping[str, Any], metadata: Mapping[str, str], *, batch: bool) -> None:
    """Writes the results of a frame, over earlier ones: those of a frame that was looked at again (`batch`)."""
    blob = media_bucket().blob(names.results_object(ref, batch=batch))
    blob.metadata = dict(metadata)
    blob.upload_from_string(json.dumps(results), content_type="application/json", timeout=_TIMEOUT)


def write_new(name: str, data: bytes, content_type: str, metadata: Mapping[str, str]) -> None:
    """Writes an object that never changes. If it exists, an earlier delivery has written it: it is left as it is."""
    try:
        insert_new(name, data, content_type, metadata, timeout=_TIMEOUT)
    except PreconditionFailed:
        return
    except Forbidden:
        # An account that may create but not delete can get this answer, rather than 412, for an object that exists.
        if not media_bucket().blob(name).exists(timeout=_TIMEOUT):
            raise


def insert_new(name: str, data: bytes, content_type: str, metadata: Mapping[str, str], **options: Any) -> None:
    """Writes an object that never changes. Raises PreconditionFailed if it exists. `options`: those of `insert`."""
    from .transfers import insert

    bucket = str(media_bucket().name)
    insert(bucket, name, data, content_type, metadata=metadata, cache_control=_FOR_EVER, generation=0, **options)


def pause(written: datetime | None) -> None:
    """Waits until an object that was last written at `written` may be written again: once a second."""
    if written:
        since = (datetime.now(UTC) - written).total_seconds()
        time.sleep(min(WRITE_SECONDS, max(0.0, WRITE_SECONDS - since)))


def write_playlist(name: str, text: str, **options: Any) -> None:
    """Writes a playlist, over an older one if it exists. `options`: those of `insert`."""
    from .transfers import insert

    bucket = str(media_bucket().name)
    options.setdefault("timeout", _TIMEOUT)
    insert(bucket, name, text.encode(), "application/vnd.apple.mpegurl", cache_control="no-cache", **options)


def delete_some(prefix: str, most: int, bucket: Bucket | None = None) -> int:
    """Deletes up to `most` objects under `prefix`, of the media bucket unless another one is given.

    Returns how many it found. Missing objects are ignored.
    """
    blobs = (bucket or media_bucket()).list_blobs(prefix=prefix, max_results=most, fields="items(name),nextPageToken")
    with ThreadPoolExecutor(_DELETERS) as pool:
        return sum(1 for _ in pool.map(_delete, blobs))


def _delete(blob: Blob) -> None:
    with suppress(NotFound):
        blob.delete(timeout=_TIMEOUT)


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < names.MAX_SESSION_SECONDS:
        raise ValueError(f"invalid media time {text!r}: expected seconds from 0 to {names.MAX_SESSION_SECONDS}")
    return seconds


def _aware(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"invalid time {text!r}: expected one with its time zone")
    return instant
