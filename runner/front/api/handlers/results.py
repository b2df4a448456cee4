"""Results of a session as they are stored: frames, detections, tracks, and what was said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from msgspec import UNSET, UnsetType
from werkzeug import Response

from pipeline.documents import results as store
from pipeline.documents import sessions
from pipeline.documents.spoken import transcripts
from pipeline.domain import names
from pipeline.domain.errors import BadRequest, Failure
from pipeline.reports import found, spoken
from pipeline.reports.found import Wanted
from pipeline.reports.observations import FOREVER

from ..models.parameters import MediaPart, PageOfFound, PageOfFrames, PageOfWords
from ..requests import json_response, query

if TYPE_CHECKING:
    from werkzeug import Request

_SCANNED = 5000  # frames that one answer looks through for what was asked
_FRAME = ("program_date_time", "segment", "reason", "width", "height", "analyses")


def frames(request: Request, stream: str, session: str) -> Response:
    """List the frames that were looked at, with all that was found on them."""
    asked = query(request, PageOfFrames)
    start, end = _range(asked.start, asked.end)
    _check(stream, session)
    since = max(start, int(asked.after) + 1) if asked.after else start
    read = list(islice(store.frames(stream, session, since, end, _FRAME), asked.limit + 1))
    shown = [_frame(media_ms, fields) for media_ms, fields in read[: asked.limit]]
    return _conditional(request, "frames", shown, shown[-1]["id"] if len(read) > asked.limit else None)


def detections(request: Request, stream: str, session: str) -> Response:
    """List the detections, of one kind or label or of all.

    A page may be short, or empty, where few of many frames have what was asked for: `next` says whether more follow.
    """
    return _found(request, stream, session, "detections", ["analyses"], found.detections)


def tracks(request: Request, stream: str, session: str) -> Response:
    """List the tracks of boxes, each from one frame that was looked at to the next.

    A page may be short, or empty, as of detections.
    """
    return _found(request, stream, session, "tracks", ["tracks"], found.tracks)


def transcript(request: Request, stream: str, session: str) -> Response:
    """List the words that were said, segment by segment."""
    asked = query(request, PageOfWords)
    _check(stream, session)
    since = int(asked.after) + 1 if asked.after else 0
    heard = list(islice(spoken.joined(transcripts.heard(stream, session, since)), asked.limit + 1))
    shown = [
        {
            "segment": one.sequence,
            "language": one.language,
            "final": one.final,
            "words": [asdict(word) for word in words],
        }
        for one, words in heard[: asked.limit]
    ]
    next = f"{shown[-1]['segment']:08d}" if len(heard) > asked.limit else None
    return _conditional(request, "segments", shown, next)


def transcript_vtt(request: Request, stream: str, session: str) -> Response:
    """Get the words that were said as captions, in WebVTT."""
    return _captions(request, stream, session, spoken.as_vtt, "text/vtt; charset=utf-8")


def transcript_srt(request: Request, stream: str, session: str) -> Response:
    """Get the words that were said as captions, in SubRip."""
    return _captions(request, stream, session, spoken.as_srt, "application/x-subrip; charset=utf-8")


def _found(
    request: Request,
    stream: str,
    session: str,
    name: str,
    fields: Sequence[str],
    items_of: Callable[[Iterable[tuple[int, Mapping[str, Any]]], Wanted], Iterator[dict[str, Any]]],
) -> Response:
    asked = query(request, PageOfFound)
    start, end = _range(asked.start, asked.end)
    _check(stream, session)
    wanted = Wanted(start, end, asked.kind.value if asked.kind else None, asked.label or None)
    since = max(start, int(asked.after.partition("-")[0])) if asked.after else start
    scanned = list(islice(store.frames(stream, session, since, end, fields), _SCANNED + 1))
    rest = f"{scanned[_SCANNED][0] - 1:010d}-999999" if len(scanned) > _SCANNED else None
    items = list(islice(found.after(items_of(scanned[:_SCANNED], wanted), asked.after or None), asked.limit + 1))
    more = len(items) > asked.limit
    return _conditional(request, name, items[: asked.limit], items[asked.limit - 1]["id"] if more else rest)


def _captions(
    request: Request, stream: str, session: str, written: Callable[[Iterable[spoken.Cue]], str], content_type: str
) -> Response:
    asked = query(request, MediaPart)
    start, end = (ms / 1000 for ms in _range(asked.start, asked.end))
    _check(stream, session)
    since = transcripts.first_from(stream, session, start) if start else 0
    heard = spoken.joined(transcripts.heard(stream, session, since, end))
    words = (word for _, some in heard for word in some if start <= word.start < end)
    response = Response(written(spoken.cues(words)), content_type=content_type)
    return _revalidated(request, response)


def _conditional(request: Request, name: str, items: Sequence[Mapping[str, Any]], next: str | None) -> Response:
    return _revalidated(request, json_response({name: items, "next": next}))


def _revalidated(request: Request, response: Response) -> Response:
    """With an entity tag: a client that has this answer already is told so in a few bytes."""
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def _range(start: float | UnsetType, end: float | UnsetType) -> tuple[int, int]:
    begin, until = 0 if start is UNSET else round(start * 1000), FOREVER if end is UNSET else round(end * 1000)
    if until <= begin:
        raise BadRequest("'to' must be later than 'from'")
    return begin, until


def _check(stream: str, session: str) -> None:
    """Raises NotFound."""
    sessions.get(names.check_stream(stream), session)


def _frame(media_ms: int, fields: Mapping[str, Any]) -> dict[str, Any]:
    when: datetime = fields["program_date_time"]
    return {
        "id": f"{media_ms:010d}",
        "time": media_ms / 1000,
        "program_date_time": when.isoformat(),
        "segment": fields["segment"],
        "reason": fields["reason"],
        "width": fields["width"],
        "height": fields["height"],
        "analyses": {kind: _analysis(one) for kind, one in (fields.get("analyses") or {}).items()},
    }


def _analysis(fields: Mapping[str, Any]) -> dict[str, Any]:
    failure = Failure.read(fields.get("error"))
    return {
        "provider": fields["provider"],
        "model": fields["model"],
        "took_ms": fields["took_ms"],
        "threshold": fields.get("threshold"),
        "error": failure and {"code": failure.code, "message": failure.message},
        "detections": [
            {name: one.get(name) for name in ("label", "confidence", "box", "corners")}
            for one in fields.get("detections") or ()
        ],
    }
