"""Grants of a stream's media: given, and taken back."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from werkzeug import Response

from pipeline.cloud import metrics
from pipeline.domain import names
from pipeline.domain.settings import own_tenant

from ... import grants, publishing
from ...people.caller import of
from ...settings import front
from ..models.stream_answers import Grant, GrantAnswer, PublishAnswer
from ..requests import answer

if TYPE_CHECKING:
    from werkzeug import Request


log = logging.getLogger(__name__)


def create(request: Request, stream: str) -> Response:
    """Get a grant of a stream's media.

    Playlists, segments and frames are read under `url`, by the names of their objects, for as long as the caller may
    see the stream.
    """
    settings, caller = front(), of(request)
    return _given(grants.issue(names.check_stream(stream), caller, settings.grant_secret, settings.grant_seconds))


def create_for_brands(request: Request) -> Response:
    """Get a grant of the reference marks of the tenant's brands.

    They are read under `url`, by the names of their objects, for as long as the caller is a member.
    """
    settings, caller = front(), of(request)
    tenant = caller.tenant or own_tenant()
    return _given(grants.issue_for_brands(tenant, caller, settings.grant_secret, settings.grant_seconds))


def create_for_publishing(request: Request, stream: str) -> Response:
    """Get a token to send video to a stream with, in the place of its key.

    It lasts two minutes, to connect in: what is sent then goes on. It lets no one in once the caller may not change the
    stream any more, or its grants were taken back.
    """
    given = publishing.issue(names.check_stream(stream), of(request), front().grant_secret)
    log.info("a publish token for stream %r was given to %s", stream, of(request).name or "the admin key")
    return answer(PublishAnswer(token=given.text, expires=datetime.fromtimestamp(given.until, UTC).isoformat()), 201)


def revoke(request: Request, stream: str) -> Response:
    """Take back all grants of a stream's media.

    Each instance refuses them within five seconds. An address that a grant was redirected to before can be read for
    ten minutes at most.
    """
    grants.take_back(stream)
    return Response(status=204)


def _given(grant: grants.Grant) -> Response:
    told = Grant(url=f"/m/{grant.text}/", expires=datetime.fromtimestamp(grant.until, UTC).isoformat())
    response = answer(GrantAnswer(grant=told), 201)
    response.call_on_close(partial(metrics.count, "grants_made"))
    return response
