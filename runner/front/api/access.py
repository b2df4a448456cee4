"""Every route's least right: the one table of who may call what. A route without a row does not start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from werkzeug import Response

from pipeline.documents.people import access
from pipeline.domain.errors import Forbidden, NotFound, Unauthorized
from pipeline.domain.names import check_stream
from pipeline.domain.people import Role, Visibility
from pipeline.domain.settings import own_tenant

from ..people import app_check
from ..people.caller import ANONYMOUS, Caller, CallerKind
from ..people.identity import SIGN_IN, identify
from ..settings import front
from .handlers import (
    analysis,
    audit,
    brands,
    clips,
    dead_letters,
    events,
    grants,
    health,
    members,
    openapi,
    providers,
    quotas,
    reports,
    results,
    session,
    sessions,
    shares,
    streams,
    uploads,
)
from .handlers.acting import alerts, channels, rules
from .handlers.exchange import annotations
from .handlers.sponsor import corrections, frozen, sponsorship
from .settings import api

if TYPE_CHECKING:
    from werkzeug import Request


class Scope(StrEnum):
    """What a right is for."""

    OPEN = "open"  # no right is needed
    SIGNED = "signed"  # the request proves itself: a signature, a session's cookie, an ID token, a link's secret
    STREAM = "stream"  # the stream that the route names
    TENANT = "tenant"  # the caller's own tenant
    DEPLOYMENT = "deployment"  # the tenant that the deployment itself belongs to


@dataclass(frozen=True, slots=True)
class Right:
    """The right that a route needs: at least the role `least`, within `scope`.

    Of a stream a viewer must see it, a publisher must have made it, and operators are those of its tenant. `public`:
    everyone, where the stream is public; `share`: also holders of a link to it; `reports`: those whose link opens
    reports; `key`: also senders with the stream's key, which publishes and opens nothing else. `page`: with App Check,
    for the deployment's own page alone.
    """

    scope: Scope
    least: Role | None = None
    public: bool = False
    share: bool = False
    reports: bool = False
    key: bool = False
    page: bool = False


_OPEN, _SIGNED = Right(Scope.OPEN), Right(Scope.SIGNED)
_OF_PAGE = Right(Scope.SIGNED, page=True)
_SEES = Right(Scope.STREAM, Role.VIEWER, public=True, share=True)
_READS_REPORTS = Right(Scope.STREAM, Role.VIEWER, reports=True)
_CHANGES = Right(Scope.STREAM, Role.PUBLISHER)
_SENDS = Right(Scope.STREAM, Role.PUBLISHER, key=True)
_OPERATES = Right(Scope.STREAM, Role.OPERATOR)
_VIEWER, _PUBLISHER = Right(Scope.TENANT, Role.VIEWER), Right(Scope.TENANT, Role.PUBLISHER)
_OPERATOR, _ADMIN = Right(Scope.TENANT, Role.OPERATOR), Right(Scope.TENANT, Role.ADMIN)
_OPERATES_ALL, _ADMINISTERS_ALL = Right(Scope.DEPLOYMENT, Role.OPERATOR), Right(Scope.DEPLOYMENT, Role.ADMIN)

RIGHTS: Mapping[Callable[..., Response], Right] = {
    health.health: _OPEN,
    openapi.document: _OPEN,
    events.announce: _SIGNED,
    session.begin: _OF_PAGE,
    session.token: _OF_PAGE,
    session.end: _SIGNED,
    session.end_everywhere: _SIGNED,
    audit.list_page: _ADMIN,
    quotas.get: _PUBLISHER,
    quotas.change: _ADMINISTERS_ALL,
    quotas.of_stream: _CHANGES,
    quotas.change_of_stream: _OPERATES,
    members.list_page: _OPERATOR,
    members.create: _ADMIN,
    members.change: _ADMIN,
    members.remove: _ADMIN,
    rules.create: _OPERATOR,
    rules.list_all: _PUBLISHER,
    rules.get: _PUBLISHER,
    rules.change: _OPERATOR,
    rules.delete: _OPERATOR,
    rules.test: _OPERATOR,
    channels.create: _OPERATOR,
    channels.list_all: _PUBLISHER,
    channels.delete: _OPERATOR,
    alerts.list_page: _PUBLISHER,
    alerts.change: _OPERATOR,
    alerts.replay: _OPERATOR,
    alerts.schema: _OPEN,
    brands.create: _OPERATOR,
    brands.list_page: _VIEWER,
    brands.get: _VIEWER,
    brands.change: _OPERATOR,
    brands.delete: _OPERATOR,
    brands.add_reference: _OPERATOR,
    brands.show_reference: _VIEWER,
    brands.remove_reference: _OPERATOR,
    analysis.get: _PUBLISHER,
    analysis.change: _OPERATES_ALL,
    providers.list_all: _PUBLISHER,
    providers.health: _OPERATES_ALL,
    providers.info: _OPERATES_ALL,
    dead_letters.list_newest: _OPERATES_ALL,
    dead_letters.retry_some: _OPERATES_ALL,
    dead_letters.retry: _OPERATES_ALL,
    dead_letters.discard: _OPERATES_ALL,
    streams.create: _PUBLISHER,
    streams.list_page: _VIEWER,
    streams.get: _SEES,
    streams.change: _CHANGES,
    streams.delete: _CHANGES,
    streams.show_key: _CHANGES,
    streams.rotate_key: _CHANGES,
    streams.stop: _CHANGES,
    grants.create: _SEES,
    grants.create_for_publishing: _CHANGES,
    grants.revoke: _OPERATES,
    grants.create_for_brands: _VIEWER,
    shares.redeem: _OF_PAGE,
    shares.create: _OPERATES,
    shares.list_all: _OPERATES,
    shares.revoke: _OPERATES,
    sessions.list_page: _SEES,
    sessions.get: _SEES,
    sessions.analyse: _OPERATES,
    sessions.preview: _OPERATES,
    clips.create: _CHANGES,
    clips.list_page: _SEES,
    clips.get: _SEES,
    clips.delete: _CHANGES,
    clips.share: _OPERATES,
    results.frames: _SEES,
    results.detections: _SEES,
    results.tracks: _SEES,
    results.transcript: _SEES,
    results.transcript_vtt: _SEES,
    results.transcript_srt: _SEES,
    annotations.annotated: _READS_REPORTS,
    reports.exposure: _READS_REPORTS,
    reports.exposure_csv: _READS_REPORTS,
    reports.appearances: _READS_REPORTS,
    reports.cost: _READS_REPORTS,
    sponsorship.of_session: _READS_REPORTS,
    sponsorship.of_session_csv: _READS_REPORTS,
    sponsorship.of_session_pdf: _READS_REPORTS,
    sponsorship.of_session_xlsx: _READS_REPORTS,
    corrections.list_all: _READS_REPORTS,
    corrections.create: _CHANGES,
    corrections.delete: _CHANGES,
    frozen.create: _OPERATOR,
    frozen.list_newest: _VIEWER,
    frozen.get: _VIEWER,
    frozen.on_paper: _VIEWER,
    frozen.evidence: _VIEWER,
    sponsorship.of_many: _VIEWER,
    sponsorship.of_many_csv: _VIEWER,
    sponsorship.of_many_pdf: _VIEWER,
    sponsorship.of_many_xlsx: _VIEWER,
    uploads.create: _SENDS,
}
"""The right that each route needs."""


def admit(request: Request, right: Right, stream: str | None) -> Caller:
    """The caller, if `right` lets them in; `stream` is the one that the route names.

    Raises Unauthorized for an unknown caller, Forbidden for one without the right, and NotFound for a stream of which
    the caller must not know. Raises BadRequest for an id that no stream can have.
    """
    if right.page and (app := front().app_check_app):
        app_check.check(request.headers.get(app_check.HEADER, ""), app)
    if right.scope in (Scope.OPEN, Scope.SIGNED):
        return ANONYMOUS  # a key that is sent along is not looked at
    if stream is not None:
        check_stream(stream)
    caller = identify(request, api().admin_key, stream if right.key else None)
    if caller.kind is CallerKind.ADMIN_KEY:
        return caller
    if right.scope is Scope.STREAM:
        _admit_to_stream(caller, right, stream or "")
    else:
        _admit_to_tenant(caller, right)
    return caller


def _admit_to_tenant(caller: Caller, right: Right) -> None:
    if caller.kind is CallerKind.ANONYMOUS:
        raise Unauthorized(SIGN_IN)
    own = own_tenant()
    if right.scope is Scope.DEPLOYMENT and caller.tenant != own:
        raise Forbidden(f"this is for members of the tenant {own!r}, which runs the deployment")
    if right.least is None or not caller.reaches(right.least, caller.tenant):
        raise Forbidden(_needs(right))


def _admit_to_stream(caller: Caller, right: Right, stream: str) -> None:
    if caller.kind is CallerKind.STREAM_KEY:  # it was checked, and only where it is taken
        return
    stranger = caller.kind is CallerKind.ANONYMOUS
    if stranger and not right.public:
        raise Unauthorized(SIGN_IN)
    try:
        found = access.of_stream(stream)
    except NotFound:
        if stranger:  # as for a stream that is not public
            raise Unauthorized(SIGN_IN) from None
        raise
    if stranger and found.visibility is not Visibility.PUBLIC:
        raise Unauthorized(SIGN_IN)
    if not caller.sees(found):
        raise NotFound(f"stream {stream!r} does not exist")
    if stranger:
        return
    if caller.kind is CallerKind.SHARE:
        public = right.public and found.visibility is Visibility.PUBLIC
        if not (public or right.share or (right.reports and caller.reports)):
            raise Forbidden("this share link does not open this: ask for one that does")
        return
    if not _may(caller, right, found):
        raise Forbidden(_needs(right))


def _may(caller: Caller, right: Right, found: access.StreamAccess) -> bool:
    if right.least is Role.VIEWER:
        return right.public or caller.tenant == found.tenant
    if right.least is Role.PUBLISHER:
        return caller.changes(found)
    return right.least is not None and caller.reaches(right.least, found.tenant)


def _needs(right: Right) -> str:
    if right.scope is Scope.STREAM and right.least is Role.PUBLISHER:
        return "this needs an operator of the stream's tenant, or the publisher who made the stream"
    return f"this needs the role {right.least}, or a higher one: ask an administrator of the tenant"
