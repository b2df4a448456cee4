"""Clips of a stream: ask for one, list, get, delete."""

from __future__ import annotations

import logging
import secrets
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
from google.api_core.exceptions import GoogleAPICallError, RetryError
from google.api_core.exceptions import NotFound as GoogleNotFound
from msgspec import UNSET
from werkzeug import Response

from pipeline.clips import job
from pipeline.cloud.clients import media_bucket
from pipeline.documents import clips as store
from pipeline.documents import sessions, streams
from pipeline.documents.people import access, shares
from pipeline.domain import names
from pipeline.domain.clips import Asked, Clip
from pipeline.domain.errors import BadRequest, Conflict
from pipeline.domain.people import Share

from ... import grants
from ...people.caller import of
from ...settings import front
from ..models import clip_answers
from ..models.clips import NewClip, NewClipShare
from ..models.parameters import PageOfClips
from ..requests import answer, json_fields, query
from .shares import LONGEST, shown

if TYPE_CHECKING:
    from werkzeug import Request

log = logging.getLogger(__name__)
_TIMEOUT = 20  # seconds


def create(request: Request, stream: str, session: str) -> Response:
    """Cut a clip from a session.

    Give one of `from` and `to`, `appearance`, `label` (a reel of all its appearances) or `at` (a still picture). The
    same asked again is the same clip (200); one that failed is tried again. It is made in the background: its `state`
    says how far it is.
    """
    given = json_fields(request, NewClip)
    asked = _asked(given, names.check_stream(stream), names.check_session(session))
    sessions.get(stream, session)
    clip, made = store.begin(asked, of(request).name)
    if made:
        try:
            store.change(stream, clip.id, execution=job.start(stream, clip.id, new=True))
        except (GoogleAPICallError, RetryError) as error:  # housekeeping starts it
            log.warning("clip %s of %s: not started yet: %s", clip.id, stream, error)
    response = answer(clip_answers.ClipAnswer(clip=_shown(clip)), 202 if made else 200)
    response.headers["Location"] = f"{request.script_root}/streams/{stream}/clips/{clip.id}"
    return response


def list_page(request: Request, stream: str) -> Response:
    """List the clips of a stream, the newest first."""
    page = query(request, PageOfClips)
    streams.get(names.check_stream(stream))
    found = store.newest(stream, page.limit + 1, page.after or None)
    next = found[page.limit - 1].id if len(found) > page.limit else None
    return answer(clip_answers.ClipPage(clips=[_shown(clip) for clip in found[: page.limit]], next=next))


def get(request: Request, stream: str, clip: str) -> Response:
    """Get a clip."""
    return answer(clip_answers.ClipAnswer(clip=_shown(store.get(names.check_stream(stream), clip))))


def delete(request: Request, stream: str, clip: str) -> Response:
    """Delete a clip, also one that is being made."""
    found = store.get(names.check_stream(stream), clip)
    store.delete(stream, clip)
    name = names.clip_object(stream, found.asked.session, clip, found.asked.ending)
    with suppress(GoogleNotFound):
        media_bucket().blob(name).delete(timeout=_TIMEOUT)
    return Response(status=204)


def share(request: Request, stream: str, clip: str) -> Response:
    """Create a link that opens one clip for a while, and nothing else of its stream.

    It can be taken back like every share link of the stream.
    """
    given, now = json_fields(request, NewClipShare), datetime.now(UTC)
    if not now < given.until <= now + LONGEST:
        raise BadRequest("'until' must be in the future, and within a year")
    found = store.get(names.check_stream(stream), clip)
    if found.object is None:
        raise Conflict("the clip is not done yet: share it once its state is done")
    link = Share(
        id=names.share(secrets.token_urlsafe(24)),
        stream=stream,
        tenant=access.of_stream(stream).tenant,
        until=given.until.astimezone(UTC),
        reports=False,
        label=f"clip {clip}",
        created=now,
        created_by=of(request).name,
        clip=found.object,
    )
    shares.create(link)
    url = f"/m/{grants.issue_for_clip(link, front().grant_secret)}/{found.object}"
    return answer(clip_answers.SharedClip(share=shown(link), url=url), 201)


def _asked(given: NewClip, stream: str, session: str) -> Asked:
    """Raises BadRequest unless it is one thing."""
    if (given.start is UNSET) != (given.end is UNSET):
        raise BadRequest("a range has both 'from' and 'to'")
    things = (given.start, given.appearance, given.label, given.at)
    if sum(thing is not UNSET for thing in things) != 1:
        raise BadRequest("give one of 'from' and 'to', 'appearance', 'label' or 'at'")
    if given.start is not UNSET and given.end is not UNSET and given.end <= given.start:
        raise BadRequest("'to' must be later than 'from'")
    wanted = {name: value for name in given.__struct_fields__ if (value := getattr(given, name)) is not UNSET}
    return Asked(stream, session, **wanted)


def _shown(clip: Clip) -> clip_answers.Clip:
    asked = clip.asked
    return clip_answers.Clip(
        id=clip.id,
        session=asked.session,
        asked=msgspec.convert(asked, clip_answers.Asked, from_attributes=True),
        state=clip.state,
        share=clip.share,
        object=clip.object,
        size=clip.size,
        duration=clip.duration,
        chapters=[msgspec.convert(one, clip_answers.Chapter, from_attributes=True) for one in clip.chapters],
        error=clip.error and clip.error.message,
        created=clip.created.isoformat() if clip.created else None,
        created_by=clip.created_by,
    )
