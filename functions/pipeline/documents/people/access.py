"""The part of `streams/{stream}` that says who may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...cloud.clients import firestore_client
from ...domain import names
from ...domain.errors import NotFound
from ...domain.people import UNSAID, Visibility
from ...domain.settings import own_tenant

_FIELDS = ("tenant", "visibility", "viewers", "created_by", "epoch")


@dataclass(frozen=True, slots=True)
class StreamAccess:
    """Who may see a stream, and the `epoch` that grants of its media must carry."""

    stream: str
    tenant: str
    visibility: Visibility
    viewers: frozenset[str]
    created_by: str | None
    epoch: int


def of_stream(stream: str) -> StreamAccess:
    """Read from the stream's document. Raises NotFound."""
    snapshot = firestore_client().document(names.stream_path(stream)).get(_FIELDS)
    if not snapshot.exists:
        raise NotFound(f"stream {stream!r} does not exist")
    fields: dict[str, Any] = snapshot.to_dict() or {}
    return StreamAccess(
        stream,
        tenant=fields.get("tenant") or own_tenant(),
        visibility=Visibility(fields.get("visibility") or UNSAID),
        viewers=frozenset(fields.get("viewers") or ()),
        created_by=fields.get("created_by"),
        epoch=int(fields.get("epoch") or 0),
    )
