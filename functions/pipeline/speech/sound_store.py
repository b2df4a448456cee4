"""The sound of a session's segments, kept until the session's transcript is final.

One object a segment, LINEAR16 without a header (one channel, RATE), so that Cloud Storage joins them to one recording.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ..cloud import objects
from ..cloud.clients import media_bucket
from ..domain import names
from ..domain.errors import Poison
from ..domain.model import Segment, SegmentRef

if TYPE_CHECKING:
    import numpy as np
    from google.cloud.storage import Blob
    from numpy.typing import NDArray

RATE = 16000
"""Samples a second."""
BYTES = 2
"""Bytes of a sample."""
_JOINED = 32  # objects that one request composes, at most: https://cloud.google.com/storage/docs/composite-objects
_REQUESTS = 8  # at once; the client keeps 10 connections
_TIMEOUT = 60  # seconds


@dataclass(frozen=True, slots=True)
class Piece:
    """The sound of a segment: its object, since when it is kept, and its place in the session (s of media time)."""

    name: str
    kept: datetime
    sequence: int
    media_time: float
    seconds: float


def store(segment: Segment, samples: NDArray[np.int16]) -> None:
    """Keeps the sound of a segment. Idempotent."""
    name = names.sound_object(segment.ref)
    data = samples.astype("<i2").tobytes()
    objects.write_new(name, data, "application/octet-stream", objects.segment_metadata(segment))


def pieces(stream: str, session: str, since: int = 0) -> list[Piece]:
    """What is kept of a session from the segment `since` on, in order of media time."""
    blobs = media_bucket().list_blobs(
        prefix=_prefix(stream, session),
        start_offset=names.sound_object(SegmentRef(stream, session, since)),
        fields="items(name,size,timeCreated,metadata),nextPageToken",
        timeout=_TIMEOUT,
    )
    return sorted(
        (piece for blob in blobs if (piece := _piece(blob))),
        key=lambda piece: piece.media_time,
    )


def join(parts: Sequence[Piece], ref: SegmentRef) -> str:
    """Joins pieces to one recording named after its first segment, and returns its gs:// address. Idempotent."""
    target = f"{_prefix(ref.stream, ref.session)}joined/{ref.sequence:08d}.raw"
    sources = [piece.name for piece in parts]
    level = 0
    with ThreadPoolExecutor(_REQUESTS) as pool:
        while len(sources) > _JOINED:
            groups = [sources[at : at + _JOINED] for at in range(0, len(sources), _JOINED)]
            joined = [f"{target}.{level}.{number:04d}" for number in range(len(groups))]
            list(pool.map(_compose, groups, joined))
            sources, level = joined, level + 1
    _compose(sources, target)
    return f"gs://{media_bucket().name}/{target}"


def remove(stream: str, session: str, most: int) -> bool:
    """Deletes up to `most` objects of a session's sound. Returns False if more may be left."""
    return objects.delete_some(_prefix(stream, session), most) < most


def _compose(sources: Sequence[str], target: str) -> None:
    bucket = media_bucket()
    bucket.blob(target).compose([bucket.blob(name) for name in sources], timeout=_TIMEOUT)


def _piece(blob: Blob) -> Piece | None:
    """None for what is joined, and for an object whose metadata cannot be used."""
    name, kept = str(blob.name), blob.time_created
    ref = names.parse_sound(name)
    if ref is None or kept is None:
        return None
    try:
        segment = objects.segment(names.segment_object(ref), blob.metadata or {})
    except Poison:
        return None
    return Piece(name, kept, ref.sequence, segment.media_time, int(blob.size or 0) / BYTES / RATE)


def _prefix(stream: str, session: str) -> str:
    return f"{names.SOUND}{stream}/{session}/"
