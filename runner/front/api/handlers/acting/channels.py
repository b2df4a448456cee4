"""Channels: create, list, delete."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug import Response

from pipeline.delivery import post
from pipeline.delivery.settings import delivering
from pipeline.delivery.signature import new_secret
from pipeline.detection.service.sealed import seal
from pipeline.documents.acting import channels
from pipeline.domain import names
from pipeline.domain.acting import Channel, ChannelKind
from pipeline.domain.errors import BadRequest, LimitReached, NotFound, Unavailable
from pipeline.domain.people import Role
from pipeline.domain.settings import own_tenant

from ....people.caller import of
from ...models import acting_answers
from ...models.acting import NewChannel
from ...requests import answer, json_fields

if TYPE_CHECKING:
    from werkzeug import Request


def create(request: Request) -> Response:
    """Create a channel.

    The secret of a webhook is shown once, in this answer: its messages are signed with it, as Standard Webhooks has it.
    Addresses are kept sealed and never answered.
    """
    given, tenant = json_fields(request, NewChannel), of(request).tenant or own_tenant()
    if len(channels.of_tenant(tenant)) >= channels.MOST:
        raise LimitReached(f"a tenant has at most {channels.MOST} channels: delete one first")
    settings = delivering()
    try:
        post.check(given.address, private=settings.private)
    except Unavailable as error:
        raise BadRequest(f"'address' must be of a host that there is: {error}") from None
    id = f"c{secrets.token_hex(8)}"
    secret = new_secret() if given.kind is ChannelKind.WEBHOOK else None
    channel = Channel(
        id=id,
        tenant=tenant,
        name=given.name.strip(),
        kind=given.kind,
        shown=urlsplit(given.address).netloc,
        address=seal(given.address, id, settings.secret),
        secret=secret and seal(secret, id, settings.secret),
        created=datetime.now(UTC),
        created_by=of(request).name,
    )
    channels.create(channel)
    return answer(acting_answers.CreatedChannel(channel=_shown(channel), secret=secret), 201)


def list_all(request: Request) -> Response:
    """List the channels of the caller's tenant, by name."""
    found = channels.of_tenant(of(request).tenant or own_tenant())
    return answer(acting_answers.ChannelList(channels=[_shown(one) for one in found]))


def delete(request: Request, channel: str) -> Response:
    """Delete a channel.

    Deliveries to it that are on their way end.
    """
    found, caller = channels.get(names.check_acting("channel", channel)), of(request)
    if not caller.reaches(Role.VIEWER, found.tenant):
        raise NotFound(f"channel {channel!r} does not exist")
    channels.delete(channel)
    return Response(status=204)


def _shown(channel: Channel) -> acting_answers.Channel:
    return acting_answers.Channel(id=channel.id, name=channel.name, kind=channel.kind, shown=channel.shown)
