"""`shares/{share}`: links that open one stream for a while. The id is the hash of the link's secret."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from google.cloud.firestore import FieldFilter

from ...cloud.clients import firestore_client
from ...domain import names
from ...domain.errors import NotFound
from ...domain.people import Share
from ..control import audit

if TYPE_CHECKING:
    from google.cloud import firestore

_MOST = 200  # of a stream


def create(share: Share) -> None:
    """Writes a new share link."""
    fields = asdict(share)
    del fields["id"]
    audit.create(firestore_client().document(names.share_path(share.id)), fields)


def get(share: str) -> Share:
    """The share link. Raises NotFound."""
    snapshot = firestore_client().document(names.share_path(share)).get()
    if not snapshot.exists:
        raise NotFound("this share link does not exist: ask for another one")
    return _share(snapshot)


def of_stream(stream: str) -> list[Share]:
    """The links of a stream, the newest first; 200 at most."""
    return sorted((_share(one) for one in _some(stream)), key=lambda one: one.created, reverse=True)


def delete_all(stream: str) -> None:
    """Deletes every link of a stream: none opens another stream that gets its id."""
    while found := list(_some(stream)):
        batch = firestore_client().batch()
        for one in found:
            batch.delete(one.reference)
        batch.commit()


def revoke(share: str) -> None:
    """Takes a link back: it opens nothing any more."""
    audit.update(firestore_client().document(names.share_path(share)), {"revoked": True})


def _some(stream: str) -> Iterator[firestore.DocumentSnapshot[Any]]:
    shares = firestore_client().collection("shares").where(filter=FieldFilter("stream", "==", stream))
    return iter(shares.limit(_MOST).stream())


def _share(snapshot: firestore.DocumentSnapshot[Any]) -> Share:
    fields: dict[str, Any] = snapshot.to_dict() or {}
    return Share(
        id=str(snapshot.id),
        stream=fields["stream"],
        tenant=fields["tenant"],
        until=fields["until"],
        reports=bool(fields.get("reports")),
        label=fields.get("label") or "",
        created=fields["created"],
        created_by=fields.get("created_by"),
        revoked=bool(fields.get("revoked")),
        clip=fields.get("clip"),
    )
