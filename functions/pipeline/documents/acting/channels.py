"""`channels/{channel}`: where alerts go; closed to browsers. Addresses and secrets are sealed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from google.cloud.firestore import FieldFilter

from ...cloud.clients import firestore_client
from ...domain import names
from ...domain.acting import Channel, ChannelKind
from ...domain.errors import NotFound
from ..control import audit

MOST = 50
"""Channels of a tenant."""


def create(channel: Channel) -> None:
    """Writes a new channel."""
    fields = asdict(channel) | {"kind": channel.kind.value}
    del fields["id"]
    audit.create(firestore_client().document(names.channel_path(channel.id)), fields)


def get(channel: str) -> Channel:
    """The channel. Raises NotFound."""
    snapshot = firestore_client().document(names.channel_path(channel)).get()
    if not snapshot.exists:
        raise NotFound(f"channel {channel!r} does not exist")
    return _channel(str(snapshot.id), snapshot.to_dict() or {})


def of_tenant(tenant: str) -> list[Channel]:
    """The channels of a tenant, by name; `MOST` of them."""
    found = firestore_client().collection("channels").where(filter=FieldFilter("tenant", "==", tenant)).limit(MOST)
    channels = [_channel(str(one.id), one.to_dict() or {}) for one in found.stream()]
    return sorted(channels, key=lambda channel: (channel.name.casefold(), channel.id))


def delete(channel: str) -> None:
    """Deletes a channel. Deliveries to it that are on their way end."""
    audit.delete(firestore_client().document(names.channel_path(channel)))


def _channel(id: str, fields: dict[str, Any]) -> Channel:
    return Channel(
        id=id,
        tenant=fields["tenant"],
        name=fields["name"],
        kind=ChannelKind(fields["kind"]),
        shown=fields["shown"],
        address=fields["address"],
        secret=fields.get("secret"),
        created=fields.get("created"),
        created_by=fields.get("created_by"),
    )
