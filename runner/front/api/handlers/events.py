"""Announcements of segments by an external store."""

from __future__ import annotations

import time
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from pipeline.cloud.ttl_cache import Cached
from pipeline.documents import streams
from pipeline.documents.control import quotas
from pipeline.domain import names, shapes
from pipeline.domain.errors import NotFound, Unavailable
from pipeline.domain.model import Segment, SegmentRef
from pipeline.external_segments import segments, signature
from pipeline.external_segments.settings import events

from ..models.requests import Announced, Ended
from ..models.stream_answers import Stored
from ..requests import answer, json_object, raw

if TYPE_CHECKING:
    from werkzeug import Request, Response

_AT_ONCE = BoundedSemaphore(4)  # a segment is held in memory, twice, while it is stored
_PATIENCE = 10.0  # seconds for a turn
_COUNTED = 30.0  # seconds: a store announces a segment each second or two


def announce(request: Request) -> Response:
    """Announce a segment of an external store, or a session's end.

    The segment is fetched from `url`, whose host EVENTS_HOSTS must name, and stored: from there on it is like any
    other. Announcing it again changes nothing.
    """
    settings = events()
    if not settings.secret or not settings.hosts:
        raise NotFound("announcing segments is off: EVENTS_SECRET and EVENTS_HOSTS turn it on")
    headers, data = request.headers, raw(request)
    signature.verify(settings.secret, headers.get("X-Timestamp", ""), headers.get("X-Signature", ""), data, time.time())
    body = json_object(data)
    if body.get("ended") is True:
        ended = shapes.read(body, Ended)
        streams.get(names.check_stream(ended.stream))
        segments.end(ended.stream, names.check_session(ended.session))
        return answer(Stored(object=None))
    given = shapes.read(body, Announced)
    segment = _segment(given)
    _room.get(f"{streams.get(given.stream).tenant}/{given.stream}")
    if not _AT_ONCE.acquire(timeout=_PATIENCE):
        raise Unavailable("other segments are being stored: announce this one again in a moment")
    try:
        new = segments.store(segment, given.url, settings)
    finally:
        _AT_ONCE.release()
    return answer(Stored(object=names.segment_object(segment.ref)), 201 if new else 200)


def _check_room(name: str) -> bool:
    """Raises UsedUp for a stream, as TENANT/STREAM, that may take no more media."""
    tenant, _, stream = name.partition("/")
    quotas.check_media(stream, tenant)
    return True


_room = Cached(_check_room, _COUNTED)


def _segment(given: Announced) -> Segment:
    return Segment(
        SegmentRef(names.check_stream(given.stream), names.check_session(given.session), given.sequence),
        media_time=given.media_time,
        duration=given.duration,
        program_date_time=given.program_date_time,
        discontinuity=given.discontinuity,
    )
