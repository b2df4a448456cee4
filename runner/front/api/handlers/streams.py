"""Streams: create, list, get, change, delete; their keys and publishers."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import UNSET
from werkzeug import Response

from pipeline.documents import analysis_config
from pipeline.documents import streams as store
from pipeline.documents.control import stream_keys
from pipeline.domain import analysis, keys, names
from pipeline.domain.errors import BadRequest, Forbidden, NotFound
from pipeline.domain.model import AnalysisSettings, Stream
from pipeline.domain.people import UNSAID, Role
from pipeline.domain.settings import own_tenant
from pipeline.maintenance.removal import remove
from pipeline.sessions.stop import stop as stop_publisher

from ...people import known
from ...people.caller import Caller, CallerKind, of
from ..models import body, stream_answers
from ..models.parameters import Page, Rotation
from ..models.requests import NewStream, StreamChange
from ..requests import answer, json_fields, query
from ..settings import api

if TYPE_CHECKING:
    from werkzeug import Request

    from pipeline.documents.leases import Held

_DELETING = 40.0  # seconds of one request, which may take 60


def create(request: Request) -> Response:
    """Create a stream.

    The key is shown once, in this answer. Another audience than the usual one needs the role operator.
    """
    given = json_fields(request, NewStream)
    name, caller = given.name.strip(), of(request)
    tenant = caller.tenant or own_tenant()
    _check_audience(given, caller, tenant)
    stream = Stream(
        id=names.check_stream(_derived_id(name) if given.id is None else given.id),
        name=name,
        settings=_settings(given, AnalysisSettings()),
        created=datetime.now(UTC),
        tenant=tenant,
        visibility=UNSAID if given.visibility is UNSET else given.visibility,
        viewers=() if given.viewers is UNSET else tuple(given.viewers),
        created_by=caller.name,
    )
    key = keys.new_key()
    store.create(stream, key)
    ingest = f"{api().ingest_url.rstrip('/')}/streams/{stream.id}" if api().ingest_url else UNSET
    response = answer(stream_answers.CreatedStream(stream=_shown(stream), key=key, ingest_url=ingest), 201)
    response.headers["Location"] = f"{request.script_root}/streams/{stream.id}"
    return response


def list_page(request: Request) -> Response:
    """List the streams of the caller's tenant that the caller may see, in order of their ids.

    With the admin key: all streams.
    """
    page = query(request, Page)
    found = _visible(of(request), page.limit + 1, page.after or None)
    next = found[page.limit - 1].id if len(found) > page.limit else None
    return answer(stream_answers.StreamPage(streams=[_shown(stream) for stream in found[: page.limit]], next=next))


def get(request: Request, stream: str) -> Response:
    """Get a stream."""
    return answer(stream_answers.StreamAnswer(stream=_shown(store.get(names.check_stream(stream)))))


def change(request: Request, stream: str) -> Response:
    """Rename a stream, replace its settings, or choose who sees it.

    Settings are replaced as a whole. `visibility` and `viewers` need the role operator; those who may not see it any
    more lose that within five seconds.
    """
    given = json_fields(request, StreamChange)
    current = store.get(names.check_stream(stream))
    _check_audience(given, of(request), current.tenant)
    named = {field for field in given.__struct_fields__ if getattr(given, field) is not UNSET}
    changed = replace(
        current,
        name=current.name if given.name is UNSET else given.name.strip(),
        settings=_settings(given, current.settings),
        visibility=current.visibility if given.visibility is UNSET else given.visibility,
        viewers=current.viewers if given.viewers is UNSET else tuple(given.viewers),
    )
    if named:
        store.describe(changed, named)
        known.forget()
    return answer(stream_answers.StreamAnswer(stream=_shown(store.get(stream))))


def delete(request: Request, stream: str) -> Response:
    """Delete a stream with its key, its objects and its documents.

    A large stream takes several requests: each answers 202 until all is gone.
    """
    store.get(names.check_stream(stream))
    if remove(stream, _DELETING):
        return Response(status=204)
    response = answer(body.More(detail="much has been deleted, and there is more: send this again"), 202)
    response.headers["Retry-After"] = "1"
    return response


def show_key(request: Request, stream: str) -> Response:
    """Get what is known of a stream's key: until when it is good, and where it was used last.

    The key itself is not kept. A use is noted once a minute at most.
    """
    store.get(names.check_stream(stream))
    known = stream_keys.use(stream)
    return answer(
        stream_answers.KeyUseAnswer(
            key=stream_answers.KeyUse(
                created=_iso(known.created),
                expires=_iso(known.expires),
                previous_until=_iso(known.previous_until),
                last_used=_iso(known.last_used),
                last_used_from=known.last_used_from,
            )
        )
    )


def rotate_key(request: Request, stream: str) -> Response:
    """Make a new key for a stream.

    The old key opens nothing any more, or, with `grace_hours`, goes on for so long, so that encoders can change over.
    A publisher that used it goes on until its connection ends; `stop` disconnects it in the same call, as for a stolen
    key.
    """
    store.get(names.check_stream(stream))
    asked = query(request, Rotation)
    grace, expires = timedelta(hours=asked.grace_hours), None if asked.expires is UNSET else asked.expires
    if asked.stop and grace:
        raise BadRequest("'stop' ends the use of the old key at once: leave 'grace_hours' out")
    if expires and expires <= datetime.now(UTC):
        raise BadRequest("'expires' must lie in the future")
    key = keys.new_key()
    until = stream_keys.rotate(stream, key, grace=grace, expires=expires)
    stopped = stop_publisher(stream) if asked.stop else None
    return answer(
        stream_answers.Key(
            key=key, expires=_iso(expires), previous_until=_iso(until), stopped=_publisher(stopped) if stopped else None
        )
    )


def stop(request: Request, stream: str) -> Response:
    """Disconnect a stream's publisher, and end its session.

    A connection is cut within 5 seconds. An HLS sender is refused until it has paused for 15 seconds.
    """
    store.get(names.check_stream(stream))
    held = stop_publisher(stream)
    return answer(stream_answers.StopAnswer(stopped=_publisher(held) if held else None), 202)


def _publisher(held: Held) -> stream_answers.Publisher:
    return stream_answers.Publisher(holder=held.holder, session=held.session, since=held.acquired.isoformat())


def _iso(time: datetime | None) -> str | None:
    return time.isoformat() if time else None


def _shown(stream: Stream) -> stream_answers.Stream:
    return stream_answers.Stream(
        id=stream.id,
        name=stream.name,
        state=stream.state,
        source=stream.source,
        session=stream.session,
        settings=stream.settings.fields(endpoints=False),
        last_segment_at=stream.last_segment_at.isoformat() if stream.last_segment_at else None,
        error=stream.error and stream.error.message,
        created=stream.created.isoformat() if stream.created else None,
        tenant=stream.tenant,
        visibility=stream.visibility,
        viewers=list(stream.viewers),
        created_by=stream.created_by,
        addresses=_addresses(stream.id),
        playlists=stream_answers.Playlists(
            live=names.live_playlist(stream.id, stream.session), recording=names.vod_playlist(stream.id, stream.session)
        )
        if stream.session
        else None,
    )


def _addresses(stream: str) -> stream_answers.Addresses:
    base = f"{api().ingest_url.rstrip('/')}/streams/{stream}" if api().ingest_url else None
    return stream_answers.Addresses(
        http=base,
        websocket=base and f"ws{base.removeprefix('http')}/live",
        hls=base and f"{base}/live.m3u8",
        rtmp=api().rtmp_url or None,
    )


def _settings(given: NewStream | StreamChange, otherwise: AnalysisSettings) -> AnalysisSettings:
    if given.settings is UNSET:
        return otherwise
    said = analysis.settings(given.settings, "settings")
    if said.providers:
        analysis.check_providers(said, analysis_config.load().settings, "settings")
    return said


def _visible(caller: Caller, limit: int, after: str | None) -> list[Stream]:
    if caller.kind is CallerKind.ADMIN_KEY:
        return store.list_all(limit, after)
    viewer = None if caller.reaches(Role.PUBLISHER, caller.tenant) else caller.id
    return store.of_tenant(caller.tenant, limit, after, viewer)


def _check_audience(given: NewStream | StreamChange, caller: Caller, tenant: str) -> None:
    """Raises Forbidden where the caller may not choose who sees a stream, and NotFound for an unknown viewer."""
    usual = (UNSET, UNSAID) if isinstance(given, NewStream) else (UNSET,)
    chosen = given.viewers is not UNSET or given.visibility not in usual
    if chosen and not caller.reaches(Role.OPERATOR, tenant):
        raise Forbidden("'visibility' and 'viewers' need the role operator, or a higher one: ask one of the tenant")
    for viewer in () if given.viewers is UNSET else given.viewers:
        member = known.member(names.check_member(viewer))
        if member is None or member.tenant != tenant:
            raise NotFound(f"member {viewer!r} does not exist: expected one that GET /members lists")


def _derived_id(name: str) -> str:
    readable = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-")
    return f"{readable or 'stream'}-{secrets.token_hex(3)}"
