"""Corrections of what was seen in a session: given, listed, taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from werkzeug import Response

from pipeline.documents import sessions
from pipeline.documents.people import access
from pipeline.documents.session_steps import steps
from pipeline.documents.sponsor import corrections as store
from pipeline.domain import names, shapes
from pipeline.domain.errors import BadRequest, NotFound
from pipeline.reports import appearances as following
from pipeline.reports.corrections import Action, Correction
from pipeline.reports.model import UNIT, Rect

from ....people.caller import of
from ...models import sponsor
from ...requests import json_object, json_response, raw

if TYPE_CHECKING:
    from werkzeug import Request


def list_all(request: Request, stream: str, session: str) -> Response:
    """List what people have said of a session's appearances, the earliest first."""
    sessions.get(names.check_stream(stream), session)
    return json_response({"corrections": [one.told() for one in store.of_session(stream, session)]})


def create(request: Request, stream: str, session: str) -> Response:
    """Confirm, reject or rename an appearance, or draw one that is missing.

    Reports count what is left. Of one appearance, or of all of one label, the last word counts.
    """
    body = json_object(raw(request))
    fields = sessions.get(names.check_stream(stream), session)
    if body.get("action") == Action.DRAW:
        made = _drawn(shapes.read(body, sponsor.Drawing), fields.get("media_seconds"))
    else:
        made = _verdict(shapes.read(body, sponsor.Verdict), stream, session, fields.get("fps"))
    by, tenant = of(request).name, access.of_stream(stream).tenant
    said = replace(made, by=by, at=datetime.now(UTC))
    written = store.write(stream, session, said, tenant, fields.get("expires"))
    return json_response({"correction": written.told()}, 201)


def delete(request: Request, stream: str, session: str, correction: str) -> Response:
    """Take a correction back: the report counts again what was seen."""
    sessions.get(names.check_stream(stream), session)
    store.delete(stream, session, names.check_correction(correction))
    return Response(status=204)


def _verdict(given: sponsor.Verdict, stream: str, session: str, fps: float | None) -> Correction:
    if (given.action == "rename") != bool(given.label):
        raise BadRequest("'label' must be given to rename, and for nothing else")
    at, _ = following.parsed(given.appearance)
    page = following.page(steps(stream, session, given.kind, at, fps), 1000)
    known = next((one for one in page.appearances if one.id == given.appearance), None)
    if known is None:
        raise NotFound(f"this session has no appearance {given.appearance!r} of the kind {given.kind}")
    return Correction(
        id="",
        kind=given.kind.value,
        action=Action(given.action),
        appearance=given.appearance,
        was=known.label,
        label=given.label or "",
        every=given.every,
    )


def _drawn(given: sponsor.Drawing, media_seconds: float | None) -> Correction:
    start, end = round(given.start * 1000), round(given.end * 1000)
    if end <= start:
        raise BadRequest("'to' must be later than 'from'")
    if media_seconds is not None and given.start >= media_seconds:
        raise BadRequest(f"'from' must be within the session, which has {media_seconds:g} s")
    box = given.box
    sides = [round(side * UNIT) for side in (box.x, box.y, box.width, box.height)]
    rect = Rect(*sides)
    if rect.x + rect.width > UNIT or rect.y + rect.height > UNIT or not rect.area:
        raise BadRequest("'box' must lie within the frame, and have a size")
    return Correction("", given.kind.value, Action.DRAW, label=given.label, start=start, end=end, rect=rect)
