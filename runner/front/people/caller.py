"""The caller of a request, and their rights."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pipeline.domain.people import Member, Role, Share, Visibility

if TYPE_CHECKING:
    from werkzeug import Request

    from pipeline.documents.people.access import StreamAccess

_NOTED = "front.caller"  # in the environment of a request


class CallerKind(StrEnum):
    """How a caller is known."""

    ANONYMOUS = "anonymous"
    MEMBER = "member"
    SHARE = "share"
    STREAM_KEY = "stream_key"
    ADMIN_KEY = "admin_key"


@dataclass(frozen=True, slots=True)
class Caller:
    """The caller of a request. `id` is the member's, the share link's or the stream's; empty for the other kinds.

    `role` is None for callers that are no members. `stream` is the only one that a share link or a stream's key is for,
    `clip` the only object of it that a link to a clip opens.
    `address` is where the request came from.
    """

    kind: CallerKind
    id: str = ""
    tenant: str = ""
    role: Role | None = None
    stream: str = ""
    reports: bool = False
    clip: str = ""
    address: str = ""

    @property
    def name(self) -> str | None:
        """The id that documents keep of the caller: `created_by`. None for the admin key."""
        return self.id or None

    def reaches(self, least: Role, tenant: str) -> bool:
        """Whether the caller has this role, or a higher one, in `tenant`. The admin key has every role everywhere."""
        if self.kind is CallerKind.ADMIN_KEY:
            return True
        return self.role is not None and self.tenant == tenant and self.role.reaches(least)

    def sees(self, access: StreamAccess) -> bool:
        """Whether the caller may see a stream, as the rules of Firestore have it."""
        if access.visibility is Visibility.PUBLIC or self.reaches(Role.PUBLISHER, access.tenant):
            return True
        if self.kind is CallerKind.SHARE:
            return self.stream == access.stream
        member_of_it = self.role is not None and self.tenant == access.tenant
        return member_of_it and (access.visibility is Visibility.TENANT or self.id in access.viewers)

    def changes(self, access: StreamAccess) -> bool:
        """Whether the caller may change a stream: operators of its tenant, and the publisher who made it."""
        if self.reaches(Role.OPERATOR, access.tenant):
            return True
        return self.reaches(Role.PUBLISHER, access.tenant) and access.created_by == self.id


ANONYMOUS = Caller(CallerKind.ANONYMOUS)
ADMIN_KEY = Caller(CallerKind.ADMIN_KEY, role=Role.ADMIN)


def of_member(member: Member) -> Caller:
    """A member as a caller."""
    return Caller(CallerKind.MEMBER, member.id, member.tenant, member.role)


def of_share(share: Share) -> Caller:
    """The holder of a share link as a caller."""
    return Caller(CallerKind.SHARE, share.id, stream=share.stream, reports=share.reports, clip=share.clip or "")


def of_stream_key(stream: str) -> Caller:
    """The holder of a stream's key as a caller."""
    return Caller(CallerKind.STREAM_KEY, stream, stream=stream)


def note(request: Request, caller: Caller) -> None:
    """Notes the caller of a request, for its handler."""
    request.environ[_NOTED] = caller


def of(request: Request) -> Caller:
    """The caller of a request, as the edge of the API has found out."""
    return request.environ[_NOTED]
