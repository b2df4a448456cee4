"""POST /events/segments: an external store announces a segment, or a session's end."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any

from pipeline.documents import streams
from pipeline.domain import names
from pipeline.domain.errors import BadRequest, NotFound, Unavailable
from pipeline.domain.model import Segment, SegmentRef
from pipeline.external_segments import segments, signature
from pipeline.external_segments.settings import events

from . import requests as body

if TYPE_CHECKING:
    from werkzeug import Request, Response

_LONGEST = 12.0  # seconds of a segment
_AT_ONCE = BoundedSemaphore(4)  # a segment is held in memory, twice, while it is stored
_PATIENCE = 10.0  # seconds for a turn
_FIELDS = ("sequence", "media_time", "duration", "program_date_time", "discontinuity", "url")


def announce(request: Request) -> Response:
    """201 with the object that it became, 200 where it was there before or where a session was ended."""
    settings = events()
    if not settings.secret or not settings.hosts:
        raise NotFound("announcing segments is off: EVENTS_SECRET and EVENTS_HOSTS turn it on")
    headers, data = request.headers, body.read(request)
    signature.verify(settings.secret, headers.get("X-Timestamp", ""), headers.get("X-Signature", ""), data, time.time())
    given = body.fields_of(data, "stream", "session", "ended", *_FIELDS)
    stream = names.check_stream(_text(given, "stream"))
    session = names.check_session(_text(given, "session"))
    streams.get(stream)
    if given.get("ended") is True:
        segments.end(stream, session)
        return body.answer({"object": None})
    segment = _segment(stream, session, given)
    if not _AT_ONCE.acquire(timeout=_PATIENCE):
        raise Unavailable("other segments are being stored: announce this one again in a moment")
    try:
        new = segments.store(segment, _text(given, "url"), settings)
    finally:
        _AT_ONCE.release()
    return body.answer({"object": names.segment_object(segment.ref)}, 201 if new else 200)


def _segment(stream: str, session: str, given: Mapping[str, Any]) -> Segment:
    discontinuity = given.get("discontinuity", False)
    if not isinstance(discontinuity, bool):
        raise BadRequest("'discontinuity' must be true or false")
    sequence = _number(given, "sequence", 0, 99_999_999)
    if sequence != int(sequence):
        raise BadRequest("'sequence' must be a whole number: segments count from 0 within a session")
    return Segment(
        SegmentRef(stream, session, int(sequence)),
        media_time=_number(given, "media_time", 0, names.MAX_SESSION_SECONDS),
        duration=_number(given, "duration", 0.001, _LONGEST),
        program_date_time=_instant(given),
        discontinuity=discontinuity,
    )


def _text(given: Mapping[str, Any], field: str) -> str:
    value = given.get(field)
    if not isinstance(value, str) or not value:
        raise BadRequest(f"'{field}' must be a string")
    return value


def _number(given: Mapping[str, Any], field: str, least: float, most: float) -> float:
    value = given.get(field)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
        raise BadRequest(f"'{field}' must be a number from {least:g} to {most:g}")
    return float(value)


def _instant(given: Mapping[str, Any]) -> datetime:
    try:
        instant = datetime.fromisoformat(_text(given, "program_date_time"))
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise BadRequest("'program_date_time' must be a date and time of RFC 3339, with its zone")
    return instant
