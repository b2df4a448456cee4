"""The session of the page: begun with an ID token, gone on with by its cookie, ended here or everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from werkzeug import Response

from pipeline.cloud import firebase, http, metrics
from pipeline.documents.control import audit
from pipeline.documents.people import members as store
from pipeline.domain import names
from pipeline.domain.errors import Forbidden, NotFound, Unauthorized

from ...people import known, sessions
from ...people.identity import member_claims
from ..models import people_answers
from ..requests import answer

if TYPE_CHECKING:
    from werkzeug import Request

    from pipeline.domain.people import Member


def begin(request: Request) -> Response:
    """Begin a session of the page.

    Authorization holds an ID token of Firebase that proves an e-mail address, verified, which a member has. The page
    itself must send this, as JSON.
    """
    sessions.check_page(request)
    claims = firebase.claims(http.bearer(request))
    if (claims.get("firebase") or {}).get("sign_in_provider") == "custom":
        raise Unauthorized("a session begins with an ID token that proves an e-mail address: sign in again")
    member = _member(claims)
    store.seen(member)
    response = answer(_told(member))
    sessions.begin(response, member)
    response.call_on_close(lambda: metrics.count("sessions_begun"))
    return response


def token(request: Request) -> Response:
    """Go on with a session after the page was loaded again.

    The cookie alone says which one. The page itself must send this, as JSON.
    """
    sessions.check_page(request)
    if not sessions.sent(request):
        return Response(status=204)
    return answer(_told(_signed_in(request)))


def end(request: Request) -> Response:
    """End a session in this browser."""
    sessions.check_page(request)
    response = Response(status=204)
    sessions.end(response)
    return response


def end_everywhere(request: Request) -> Response:
    """End every session of the member.

    Cookies, tokens and grants of the member open nothing within five seconds, in all browsers.
    """
    sessions.check_page(request)
    member = _signed_in(request)
    audit.made_by("member", member.id, member.tenant)
    store.end_sessions(member.id)
    known.forget()
    response = Response(status=204)
    sessions.end(response)
    return response


def _member(claims: Any) -> Member:
    address = str(claims.get("email") or "")
    if not address or claims.get("email_verified") is not True:
        raise Forbidden("this e-mail address is not verified: follow the link in the message that was sent to it")
    try:
        return store.get(names.member(address))
    except NotFound:
        raise Forbidden(f"{address} is not a member here: ask an administrator for an invitation") from None


def _signed_in(request: Request) -> Member:
    member = sessions.member(request)
    if member is None:
        raise Unauthorized("this session has ended: sign in again")
    return member


def _told(member: Member) -> people_answers.SignedIn:
    claims = member_claims(member.tenant, member.role.value, member.epoch)
    person = people_answers.Person(
        id=member.id, email=member.email, name=member.name, tenant=member.tenant, role=member.role
    )
    return people_answers.SignedIn(token=firebase.custom_token(member.id, claims), member=person)
