"""Imports of files: one document per generation of an uploaded object.

The document is the marker that keeps a redelivered event from starting a second import: it is created once, and
changed by merges of fields.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from google.api_core.exceptions import AlreadyExists, FailedPrecondition
from google.api_core.exceptions import NotFound as GoogleNotFound
from google.cloud.firestore import SERVER_TIMESTAMP, DocumentReference, FieldFilter

from ..cloud.clients import firestore_client
from ..domain import names
from ..domain.errors import NotFound
from ..domain.model import ImportState
from ..domain.settings import own_tenant
from . import retention
from .control import quotas

PER_STREAM = 3
"""Imports of a stream that may run at once; the quota of its tenant limits them too. Others wait for their turn."""
_WAITING = [ImportState.STARTING.value, ImportState.RUNNING.value]


@dataclass(frozen=True, slots=True)
class Import:
    """State of an import. `execution` is the job's; None until it is started. `new`: this call made the document."""

    stream: str
    session: str
    object: str
    generation: int
    state: ImportState
    execution: str | None = None
    new: bool = False


def begin(stream: str, object_name: str, generation: int, size: int, tenant: str | None = None) -> Import:
    """The import of this generation: a new document, or the one of an earlier delivery."""
    session = names.import_session(object_name, generation)
    now = datetime.now(UTC)
    fields = {
        "object": object_name,
        "name": names.parse_upload(object_name)[1],
        "generation": generation,
        "size": size,
        "state": ImportState.STARTING.value,
        "share": 0.0,
        "media_seconds": 0.0,
        "execution": None,
        "admitted": None,
        "tenant": tenant or own_tenant(),
        "error": None,
        "created": now,
        "updated": now,
        "expires": retention.of_upload(),
    }
    try:
        firestore_client().document(names.import_path(stream, session)).create(fields)
    except AlreadyExists:
        return get(stream, session)
    return replace(_import(stream, session, fields), new=True)


def get(stream: str, session: str) -> Import:
    """The import. Raises NotFound."""
    snapshot = firestore_client().document(names.import_path(stream, session)).get()
    if not snapshot.exists:
        raise NotFound(f"stream {stream!r} has no import {session!r}")
    return _import(stream, session, snapshot.to_dict() or {})


def claim(stream: str, session: str, runner: str) -> Import | None:
    """Claims an import for the execution `runner`. Idempotent. None: another execution has it, or it is finished.

    Raises NotFound if the stream was deleted.
    """
    reference = firestore_client().document(names.import_path(stream, session))
    snapshot = reference.get()
    if not snapshot.exists:
        raise NotFound(f"stream {stream!r} has no import {session!r}")
    fields = snapshot.to_dict() or {}
    found = _import(stream, session, fields)
    if found.state not in (ImportState.STARTING, ImportState.RUNNING) or fields.get("runner") not in (None, runner):
        return None
    taken = {
        "runner": runner,
        "state": ImportState.RUNNING.value,
        "updated": datetime.now(UTC),
        "expires": retention.of_upload(),
    }
    try:
        reference.update(taken, firestore_client().write_option(last_update_time=snapshot.update_time))
    except FailedPrecondition:
        return claim(stream, session, runner)  # `imports` has just noted the execution, or another one was faster
    return found


def admit(found: Import) -> bool:
    """Gives an import its turn, unless too many of its stream or of its tenant have theirs. Idempotent.

    A turn lasts until the import ends. Raises NotFound if the stream was deleted.
    """
    reference = firestore_client().document(names.import_path(found.stream, found.session))
    snapshot = reference.get()
    if not snapshot.exists:
        raise NotFound(f"stream {found.stream!r} has no import {found.session!r}: it was deleted")
    fields: dict[str, Any] = snapshot.to_dict() or {}
    if fields.get("admitted"):
        return True
    tenant = fields.get("tenant") or own_tenant()
    most = quotas.of(tenant).imports_at_once
    if not _fits(reference, tenant, most):
        return False
    # No lock, which would hold up those that run: who asks at the same time sees the same order, and the last give way.
    reference.update({"admitted": SERVER_TIMESTAMP})
    if _fits(reference, tenant, most):
        return True
    reference.update({"admitted": None})
    return False


def running(tenant: str) -> dict[DocumentReference, datetime]:
    """The imports of a tenant that have their turn, and since when."""
    query = firestore_client().collection_group("imports").where(filter=FieldFilter("state", "in", _WAITING))
    found = {other.reference: other.to_dict() or {} for other in query.order_by("updated").stream()}
    own = {other: fields for other, fields in found.items() if (fields.get("tenant") or own_tenant()) == tenant}
    return {other: since for other, fields in own.items() if (since := fields.get("admitted"))}


def _fits(reference: DocumentReference, tenant: str, most: int) -> bool:
    """Whether an import is, or would be, among those that may run."""
    begun = running(tenant)
    order = sorted(begun, key=lambda other: (begun[other], other.path))
    before = order[: order.index(reference)] if reference in order else order
    own = sum(other.parent == reference.parent for other in before)
    return own < PER_STREAM and len(before) < most


def change(stream: str, session: str, **fields: Any) -> None:
    """Merges `fields` (state, execution, share, media_seconds, error). Raises NotFound if the stream was deleted."""
    document = firestore_client().document(names.import_path(stream, session))
    try:
        document.update({**fields, "updated": datetime.now(UTC), "expires": retention.of_upload()})
    except GoogleNotFound:
        raise NotFound(f"stream {stream!r} has no import {session!r}: it was deleted") from None


def unfinished(before: datetime) -> Iterator[Import]:
    """Imports that have not ended and not changed since `before`, the oldest first."""
    query = firestore_client().collection_group("imports").where(filter=FieldFilter("state", "in", _WAITING))
    for snapshot in query.where(filter=FieldFilter("updated", "<", before)).order_by("updated").limit(100).stream():
        stream, session = snapshot.reference.parent.parent.id, snapshot.id
        yield _import(stream, session, snapshot.to_dict() or {})


def _import(stream: str, session: str, fields: dict[str, Any]) -> Import:
    return Import(
        stream=stream,
        session=session,
        object=fields["object"],
        generation=fields["generation"],
        state=ImportState(fields["state"]),
        execution=fields.get("execution"),
    )
