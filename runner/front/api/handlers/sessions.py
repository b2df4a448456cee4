"""Sessions of a stream: list, get, look again at a range of one."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from werkzeug import Response

from pipeline.detection.preview import preview as look
from pipeline.detection.provider_choice import dearest
from pipeline.detection.settings import detection
from pipeline.documents import analysis_config, streams
from pipeline.documents import sessions as store
from pipeline.documents.quota.spending import spending
from pipeline.domain import analysis, names
from pipeline.domain.errors import BadRequest, Failure
from pipeline.domain.model import FrameRef
from pipeline.sessions import reanalysis

from ..models import analysis_answers, stream_answers
from ..models.parameters import PageOfSessions
from ..models.requests import Preview, Range
from ..requests import answer, json_fields, query

if TYPE_CHECKING:
    from werkzeug import Request


def list_page(request: Request, stream: str) -> Response:
    """List the sessions of a stream, the newest first."""
    page = query(request, PageOfSessions)
    streams.get(names.check_stream(stream))
    found = store.newest(stream, page.limit + 1, page.after or None)
    next = found[page.limit - 1][0] if len(found) > page.limit else None
    shown = [_shown(session, fields) for session, fields in found[: page.limit]]
    return answer(stream_answers.SessionPage(sessions=shown, next=next))


def get(request: Request, stream: str, session: str) -> Response:
    """Get a session."""
    return answer(stream_answers.SessionAnswer(session=_shown(session, store.get(names.check_stream(stream), session))))


def analyse(request: Request, stream: str, session: str) -> Response:
    """Look again at a range of a session.

    Each sampled frame of the range is analysed again for `kinds` (none: those of the stream), once per `id`; segments
    that were never sampled are sampled. Results that stand are shown until new ones replace them.
    """
    given = json_fields(request, Range)
    store.get(names.check_stream(stream), session)
    wanted = reanalysis.ReanalysisRequest(
        stream,
        session,
        id=given.id or secrets.token_hex(8),
        start=given.start or 0.0,
        end=given.end,
        kinds=analysis.kinds(given.kinds),
    )
    if wanted.end is not None and wanted.end <= wanted.start:
        raise BadRequest("'to' must be later than 'from'")
    configured = analysis_config.of(stream)
    asked = wanted.kinds or configured.settings.kinds or analysis.kinds(detection().kinds)
    if dearest(asked, configured.settings):
        spending.check(stream, configured.tenant)
    done = reanalysis.again(wanted)
    told = analysis_answers.Reanalysis(id=wanted.id, frames=done.frames, segments=done.segments, next=done.next)
    return answer(analysis_answers.ReanalysisAnswer(analysis=told), 202)


def preview(request: Request, stream: str, session: str) -> Response:
    """Get the logos on a frame, those below the threshold too.

    For choosing a threshold: the frame is shown to the provider that looks for the stream's logos now, which is one
    call of it. Nothing is stored.
    """
    media_ms = json_fields(request, Preview).media_ms
    found = look(FrameRef(names.check_stream(stream), names.check_session(session), media_ms))
    seen = found.analysis
    told = analysis_answers.FramePreview(
        provider=seen.provider,
        model=seen.model,
        took_ms=seen.took_ms,
        fallback_from=seen.fallback_from,
        threshold=found.threshold,
        detections=[msgspec.convert(one, analysis_answers.Detection, from_attributes=True) for one in seen.detections],
    )
    return answer(analysis_answers.PreviewAnswer(preview=told))


def _shown(session: str, fields: Mapping[str, Any]) -> stream_answers.Session:
    known: dict[str, Any] = {name: fields.get(name) for name in stream_answers.Session.__struct_fields__}
    known |= {name: value.isoformat() for name, value in known.items() if isinstance(value, datetime)}
    failure = Failure.read(fields.get("error"))
    known |= {"id": session, "error": failure and failure.message}
    return stream_answers.Session(**known)
