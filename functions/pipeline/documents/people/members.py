"""`members/{member}`: the people of a tenant, by e-mail address.

The id is derived from the address: inviting a person is writing the document, before the person has an account.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from google.api_core.exceptions import AlreadyExists
from google.api_core.exceptions import NotFound as GoogleNotFound
from google.cloud.firestore import FieldFilter, Increment

from ...cloud.clients import firestore_client
from ...domain import names
from ...domain.errors import Conflict, NotFound
from ...domain.people import Member, Role
from ..control import audit

if TYPE_CHECKING:
    from google.cloud import firestore

_SEEN = timedelta(hours=1)  # `last_seen` is not written more often


def create(member: Member) -> None:
    """Writes a new member. Raises Conflict where the address has one: an address belongs to one tenant."""
    fields = asdict(member)
    del fields["id"]
    try:
        audit.create(firestore_client().document(names.member_path(member.id)), fields | {"role": member.role.value})
    except AlreadyExists:
        raise Conflict(
            f"{member.email} is a member already, here or in another tenant: an address belongs to one"
        ) from None


def get(member: str) -> Member:
    """The member. Raises NotFound."""
    snapshot = firestore_client().document(names.member_path(member)).get()
    if not snapshot.exists:
        raise NotFound(f"member {member!r} does not exist")
    return _member(snapshot)


def list_all(tenant: str, limit: int, after: str | None = None) -> list[Member]:
    """Up to `limit` members of a tenant in order of their ids, those after `after`."""
    members = firestore_client().collection("members").where(filter=FieldFilter("tenant", "==", tenant))
    query = members.order_by("__name__").limit(limit)
    if after is not None:
        query = query.start_after([firestore_client().document(names.member_path(after))])
    return [_member(snapshot) for snapshot in query.stream()]


def change(member: str, fields: dict[str, Any]) -> None:
    """Replaces fields of a member. Raises NotFound."""
    try:
        audit.update(firestore_client().document(names.member_path(member)), fields)
    except GoogleNotFound:
        raise NotFound(f"member {member!r} does not exist") from None


def end_sessions(member: str) -> None:
    """Ends every session of a member. Raises NotFound."""
    change(member, {"epoch": Increment(1)})


def seen(member: Member) -> None:
    """Notes that a member has signed in, at most once an hour."""
    now = datetime.now(UTC)
    if member.last_seen is None or now - member.last_seen > _SEEN:
        change(member.id, {"last_seen": now})


def remove(member: str) -> None:
    """Deletes a member."""
    audit.delete(firestore_client().document(names.member_path(member)))


def _member(snapshot: firestore.DocumentSnapshot[Any]) -> Member:
    fields: dict[str, Any] = snapshot.to_dict() or {}
    return Member(
        id=str(snapshot.id),
        email=fields["email"],
        name=fields.get("name") or "",
        tenant=fields["tenant"],
        role=Role(fields["role"]),
        epoch=int(fields.get("epoch") or 0),
        created=fields.get("created"),
        created_by=fields.get("created_by"),
        last_seen=fields.get("last_seen"),
    )
