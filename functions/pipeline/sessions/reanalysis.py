"""Reanalysis of a range of a session: its objects are announced again, by a topic of their own, which live streams do
not wait for.

The message of a frame carries the id of the request and its kinds among the frame's metadata; a kind is analysed once
per request. A segment that was never sampled is announced as it is. Earlier results are shown until the new ones
replace them.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice

from google.api_core.exceptions import NotFound as GoogleNotFound
from google.cloud.storage import Blob

from ..cloud import events, objects
from ..cloud.clients import media_bucket
from ..documents import sessions
from ..domain import names
from ..domain.model import FrameRef, Kind, SegmentRef
from ..domain.settings import load, setting

_MAX_FRAMES = 500  # of one call: it answers within seconds
_WORKERS = 8
_TIMEOUT = 20  # seconds


@dataclass(frozen=True, slots=True)
class Reannounced:
    """The topic of what is to be looked at again."""

    topic: str = setting("REANALYSIS_TOPIC", "topic of reanalyses, as projects/PROJECT/topics/NAME")


@cache
def reannounced() -> Reannounced:
    """The settings of this process."""
    return load(Reannounced)


@dataclass(frozen=True, slots=True)
class ReanalysisRequest:
    """Media time from `start` to before `end` (None: the session's end), in seconds; no `kinds`: the stream's."""

    stream: str
    session: str
    id: str
    start: float
    end: float | None
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Announced:
    """The number of objects announced again; `next` is the media time to go on from, None after the last."""

    frames: int
    segments: int
    next: float | None


def again(request: ReanalysisRequest) -> Announced:
    """Announces the first frames of the range, and its segments that were never sampled. Idempotent."""
    found = list(islice(_frames(request), _MAX_FRAMES + 1))
    more = len(found) > _MAX_FRAMES
    following = names.parse_frame(str(found[_MAX_FRAMES].name)).media_ms / 1000 if more else None
    unsampled = [] if more else _unsampled(request)
    topic, further = reannounced().topic, _asked(request)
    with ThreadPoolExecutor(_WORKERS) as pool:
        frames = sum(pool.map(partial(_announce, topic, further), found[:_MAX_FRAMES]))
        segments = sum(pool.map(partial(_announce, topic, {}), unsampled))
    return Announced(frames, segments, following)


def _frames(request: ReanalysisRequest) -> Iterator[Blob]:
    """The sampled frames of the range, in order."""
    first, last = (
        names.frame_object(FrameRef(request.stream, request.session, round(seconds * 1000)))
        for seconds in (request.start, names.MAX_SESSION_SECONDS if request.end is None else request.end)
    )
    prefix = f"{first.rpartition('/')[0]}/"
    return iter(media_bucket().list_blobs(prefix=prefix, start_offset=first, end_offset=last, timeout=_TIMEOUT))


def _unsampled(request: ReanalysisRequest) -> list[Blob]:
    """The segments of the range that were never sampled, a bounded number of them."""
    inside: list[SegmentRef] = []
    for segment in objects.segments(request.stream, request.session):
        if request.end is not None and segment.media_time >= request.end:
            break
        if segment.media_time + segment.duration > request.start:
            inside.append(segment.ref)
    missing: list[SegmentRef] = []
    for at in range(0, len(inside), 300):
        done = sessions.sampled(inside[at : at + 300])
        missing += [ref for ref in inside[at : at + 300] if ref not in done]
    return [media_bucket().blob(names.segment_object(ref)) for ref in missing[:_MAX_FRAMES]]


def _asked(request: ReanalysisRequest) -> dict[str, str]:
    return {objects.REQUEST: request.id} | ({objects.KINDS: ",".join(request.kinds)} if request.kinds else {})


def _announce(topic: str, further: dict[str, str], blob: Blob) -> bool:
    """Publishes the event of an object with `further` metadata; False if it no longer exists."""
    if blob.generation is None:
        try:
            blob.reload(timeout=_TIMEOUT)
        except GoogleNotFound:
            return False
    assert blob.time_created
    events.announce(
        topic,
        events.ObjectEvent(
            message_id="",
            event_type=events.FINALIZE,
            bucket=str(blob.bucket.name),
            name=str(blob.name),
            generation=int(blob.generation or 0),
            size=int(blob.size or 0),
            metadata={**(blob.metadata or {}), **further},
            finalized_at=blob.time_created,
        ),
    )
    return True
