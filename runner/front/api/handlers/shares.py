"""Share links of a stream: create, list, revoke; and what their holders get for the secret."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from werkzeug import Response

from pipeline.cloud import firebase
from pipeline.documents.people import access
from pipeline.documents.people import shares as store
from pipeline.domain import names
from pipeline.domain.errors import BadRequest, Forbidden, NotFound
from pipeline.domain.people import Share

from ...people import known
from ...people.caller import of
from ...people.identity import share_uid
from ..models import people_answers
from ..models.people import NewShare, Redeemed
from ..requests import answer, json_fields

if TYPE_CHECKING:
    from werkzeug import Request

LONGEST = timedelta(days=366)


def create(request: Request, stream: str) -> Response:
    """Create a link that opens a stream for a while.

    The secret is shown once, in this answer: the page's address with `#share=SECRET` is the link.
    """
    given = json_fields(request, NewShare)
    now = datetime.now(UTC)
    if not now < given.until <= now + LONGEST:
        raise BadRequest("'until' must be in the future, and within a year")
    secret = secrets.token_urlsafe(24)
    share = Share(
        id=names.share(secret),
        stream=stream,
        tenant=access.of_stream(stream).tenant,
        until=given.until.astimezone(UTC),
        reports=given.reports,
        label=given.label.strip(),
        created=now,
        created_by=of(request).name,
    )
    store.create(share)
    return answer(people_answers.CreatedShare(share=shown(share), secret=secret), 201)


def list_all(request: Request, stream: str) -> Response:
    """List the links of a stream, the newest first."""
    access.of_stream(stream)
    return answer(people_answers.ShareList(shares=[shown(share) for share in store.of_stream(stream)]))


def revoke(request: Request, stream: str, share: str) -> Response:
    """Take a link back."""
    if store.get(names.check_share(share)).stream != stream:
        raise NotFound("this share link does not exist: GET …/shares lists those of the stream")
    store.revoke(share)
    known.forget()
    return Response(status=204)


def redeem(request: Request) -> Response:
    """Get what the secret of a share link opens."""
    share = store.get(names.share(json_fields(request, Redeemed).secret))
    if share.revoked:
        raise Forbidden("this share link was taken back: ask for another one")
    if share.until <= datetime.now(UTC):
        raise Forbidden("this share link has ended: ask for another one")
    if share.clip:
        raise Forbidden("this share link opens one clip and no page")
    claims = {"s": share.stream, "x": int(share.until.timestamp()), "h": share.id, "n": share.reports}
    token = firebase.custom_token(share_uid(share.id), claims)
    until = share.until.isoformat()
    return answer(
        people_answers.RedeemedShare(token=token, id=share.id, stream=share.stream, until=until, reports=share.reports)
    )


def shown(share: Share) -> people_answers.ShareLink:
    """A link as it is answered."""
    return people_answers.ShareLink(
        id=share.id,
        stream=share.stream,
        until=share.until.isoformat(),
        reports=share.reports,
        label=share.label,
        created=share.created.isoformat(),
        created_by=share.created_by,
        revoked=share.revoked,
        clip=share.clip,
    )
