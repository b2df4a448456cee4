"""Members of a tenant: list, invite, change, remove."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from msgspec import UNSET
from werkzeug import Response

from pipeline.documents.people import members as store
from pipeline.domain import names
from pipeline.domain.errors import Conflict, Forbidden, NotFound
from pipeline.domain.people import Member, Role
from pipeline.domain.settings import own_tenant

from ...people import known
from ...people.caller import Caller, of
from ..models import people_answers
from ..models.parameters import PageOfMembers
from ..models.people import MemberChange, NewMember
from ..requests import answer, json_fields, query

if TYPE_CHECKING:
    from werkzeug import Request


def list_page(request: Request) -> Response:
    """List the members of a tenant, in order of their ids.

    Operators of the deployment's own tenant may name another tenant.
    """
    page = query(request, PageOfMembers)
    tenant = _tenant(of(request), None if page.tenant is UNSET else page.tenant, Role.OPERATOR)
    after = page.after or None
    found = store.list_all(tenant, page.limit + 1, after)
    next = found[page.limit - 1].id if len(found) > page.limit else None
    return answer(people_answers.MemberPage(members=[_shown(member) for member in found[: page.limit]], next=next))


def create(request: Request) -> Response:
    """Invite a person, who may sign in from now on.

    An address belongs to one tenant. Admins of the deployment's own tenant may name another tenant.
    """
    given = json_fields(request, NewMember)
    caller = of(request)
    email = names.email(given.email)
    member = Member(
        id=names.member(email),
        email=email,
        name=given.name.strip(),
        tenant=_tenant(caller, given.tenant, Role.ADMIN),
        role=given.role,
        epoch=int(datetime.now(UTC).timestamp()),  # sessions of a removed member do not come back with another one
        created=datetime.now(UTC),
        created_by=caller.name,
    )
    store.create(member)
    known.forget()
    response = answer(people_answers.MemberAnswer(member=_shown(member)), 201)
    response.headers["Location"] = f"{request.script_root}/members/{member.id}"
    return response


def change(request: Request, member: str) -> Response:
    """Change a member's role or name.

    Tokens of the earlier role open nothing within five seconds. Administrators do not change their own role.
    """
    given = json_fields(request, MemberChange)
    current = _of_tenant(of(request), member)
    fields: dict[str, Any] = {}
    if given.name is not UNSET:
        fields["name"] = given.name.strip()
    if given.role is not UNSET and given.role is not current.role:
        _not_oneself(of(request), member)
        fields["role"] = given.role.value
    if fields:
        store.change(member, fields)
        known.forget()
    return answer(people_answers.MemberAnswer(member=_shown(store.get(member))))


def remove(request: Request, member: str) -> Response:
    """Remove a member from the tenant.

    The member's sessions, tokens and grants open nothing within five seconds. Administrators do not remove themselves.
    """
    _of_tenant(of(request), member)
    _not_oneself(of(request), member)
    store.remove(member)
    known.forget()
    return Response(status=204)


def _shown(member: Member) -> people_answers.Member:
    return people_answers.Member(
        id=member.id,
        email=member.email,
        name=member.name,
        tenant=member.tenant,
        role=member.role,
        created=member.created.isoformat() if member.created else None,
        created_by=member.created_by,
        last_seen=member.last_seen.isoformat() if member.last_seen else None,
    )


def _tenant(caller: Caller, given: str | None, least: Role) -> str:
    """The tenant that is meant: the caller's own, unless those who run the deployment name another one."""
    own = own_tenant()
    tenant = names.check_tenant(given) if given is not None else caller.tenant or own
    if tenant != caller.tenant and not caller.reaches(least, own):
        raise Forbidden(f"'tenant' is for the role {least} of the tenant {own!r}, which runs the deployment")
    return tenant


def _of_tenant(caller: Caller, member: str) -> Member:
    found = store.get(names.check_member(member))
    if not caller.reaches(Role.ADMIN, found.tenant) and not caller.reaches(Role.ADMIN, own_tenant()):
        raise NotFound(f"member {member!r} does not exist")
    return found


def _not_oneself(caller: Caller, member: str) -> None:
    if caller.id == member:
        raise Conflict("administrators change no role of their own and do not remove themselves: ask another one")
