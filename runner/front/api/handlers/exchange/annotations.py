"""A session's results for those who come from Video Intelligence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from pipeline.documents import results, sessions
from pipeline.documents.session_steps import steps
from pipeline.documents.spoken import transcripts
from pipeline.domain import names
from pipeline.domain.errors import BadRequest
from pipeline.domain.model import Kind
from pipeline.domain.settings import Common, load
from pipeline.reports import appearances, spoken
from pipeline.reports.appearances import Appearance, Track
from pipeline.reports.exchange.video_intelligence import KINDS, Feature, Look, Session, Speech, response

from ...models.parameters import AnnotatedPart
from ...requests import json_response, query

if TYPE_CHECKING:
    from werkzeug import Request, Response

_LONGEST = 4 * 3_600_000  # ms of media in one answer
_MOST = 10_000  # appearances of one kind in one answer


def annotated(request: Request, stream: str, session: str) -> Response:
    """Get the results of a session in the shape of Video Intelligence's AnnotateVideoResponse.

    Four hours of media at most: a longer session is asked for in parts.
    """
    asked = query(request, AnnotatedPart)
    fields = sessions.get(names.check_stream(stream), session)
    features = _features(None if asked.features is UNSET else asked.features)
    length = round((fields.get("media_seconds") or 0) * 1000)
    start = 0 if asked.start is UNSET else round(asked.start * 1000)
    end = length if asked.end is UNSET else min(round(asked.end * 1000), length)
    if end < start or end - start > _LONGEST:
        said = f"{start / 1000} s to {end / 1000} s"
        raise BadRequest(f"invalid part from {said}: expected four hours at most of the session's {length / 1000} s")
    kinds = [KINDS[feature] for feature in features if feature in KINDS]
    found = Session(
        uri=f"/{load(Common).media_bucket}/{fields.get('vod') or ''}",
        start=start,
        end=end,
        looks=list(_looks(stream, session, start, end)) if {Feature.SHOTS, Feature.EXPLICIT} & set(features) else (),
        appearances={kind: _stays(stream, session, kind, start, end, fields.get("fps")) for kind in kinds},
        speech=list(_said(stream, session, start, end)) if Feature.SPEECH in features else (),
    )
    return json_response(response(found, features))


def _features(given: str | None) -> list[Feature]:
    """Those that are named, all without a name. Raises BadRequest."""
    if given is None:
        return [*Feature]
    try:
        return [Feature(name.strip()) for name in given.split(",")]
    except ValueError:
        raise BadRequest(f"invalid features {given[:200]!r}: expected some of {', '.join(Feature)}") from None


def _looks(stream: str, session: str, start: int, end: int) -> Iterator[Look]:
    unsafe = f"analyses.{Kind.SAFE_SEARCH.value}"
    for at, fields in results.frames(stream, session, start, end, ["reason", unsafe]):
        analysis: Mapping[str, Any] | None = (fields.get("analyses") or {}).get(Kind.SAFE_SEARCH.value)
        if analysis is None or analysis.get("error") is not None:
            seen = None
        else:
            seen = {one["label"]: one["confidence"] for one in analysis.get("detections") or ()}
        yield Look(at, fields["reason"], seen)


def _stays(stream: str, session: str, kind: Kind, start: int, end: int, fps: float | None) -> list[Appearance]:
    """The appearances of a kind, cut to the part that was asked for. Raises BadRequest if there are too many."""
    within = takewhile(lambda step: step.observation.at < end, steps(stream, session, kind, start, fps))
    page = appearances.page(within, _MOST)
    if page.more:
        raise BadRequest(f"more than {_MOST} appearances of {kind.value}: ask for a shorter part")
    return [_cut(one, start, end) for one in page.appearances if one.end > start or one.start >= start]


def _cut(stay: Appearance, start: int, end: int) -> Appearance:
    points = [(at, rect) for at, rect in stay.track.points if start <= at < end]
    return replace(stay, start=max(stay.start, start), end=min(stay.end, end), track=Track(stay.track.level, points))


def _said(stream: str, session: str, start: int, end: int) -> Iterator[Speech]:
    since = transcripts.first_from(stream, session, start / 1000) if start else 0
    for segment, words in spoken.joined(transcripts.heard(stream, session, since, end / 1000)):
        yield Speech(segment.language, [word for word in words if start <= word.start * 1000 < end])
