"""`audit/{entry}`: who changed what, and when; closed to browsers but administrators of the tenant.

The API opens an entry for each request that changes something. The first commit of that request takes the entry along,
so that neither is there without the other:

    with audit.entry(Entry("streams.change", …)):                    # the API's edge
        audit.update(document, {"name": "New"})                      # the documents that it changes

A change without a commit of its own, such as a message that is sent again, leaves its entry once it has happened.
Outside of an entry these are plain writes: services change documents too. A commit cannot span databases: entries of
documents in `control` stand there, the others in the main one, and are read together.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from google.cloud.firestore import FieldFilter

from ...cloud.clients import control_client, documents_client, firestore_client
from ...domain import names
from ...domain.errors import NotFound

if TYPE_CHECKING:
    from google.cloud.firestore import Client, DocumentReference, WriteBatch

KEPT = timedelta(days=400)
_PLAIN = (str, int, float, bool, datetime, list, tuple, dict, type(None))
_UNTOLD = frozenset(  # of keys, messages and channels: not for readers
    ("hash", "previous", "token", "data", "attributes", "secret", "address")
)


@dataclass(slots=True)
class Entry:
    """A change under way. `kind` and `who` say who makes it: `who` is an id, or None for the admin key.

    `action` is the name of the API's operation, `target` the path of what is changed.
    """

    action: str
    target: str
    tenant: str
    kind: str
    who: str | None
    address: str
    request: str | None = None
    joined: bool = False


_current: ContextVar[Entry | None] = ContextVar("entry", default=None)


@contextmanager
def entry(opened: Entry) -> Generator[None]:
    """The entry of what happens in the block. Without an error it is written at the end, unless a commit took it."""
    token = _current.set(opened)
    try:
        yield
    finally:
        _current.reset(token)
    if not opened.joined:
        firestore_client().document(names.audit_path(_new_id())).create(_fields(opened, None, None))


def made_by(kind: str, who: str, tenant: str) -> None:
    """Says who makes the change, where the request itself proves it and not its caller's key."""
    if opened := _current.get():
        opened.kind, opened.who, opened.tenant = kind, who, tenant


def create(document: DocumentReference, fields: Mapping[str, Any]) -> None:
    """Creates a document, with the entry. Raises as the client does."""
    _commit(lambda batch: batch.create(document, dict(fields)), document, None, fields)


def update(document: DocumentReference, fields: Mapping[str, Any], option: Any = None) -> None:
    """Updates fields of a document, with the entry. Raises as the client does."""
    known = before(document, fields)
    _commit(lambda batch: batch.update(document, dict(fields), option), document, known, fields)


def replace(document: DocumentReference, fields: Mapping[str, Any]) -> None:
    """Writes a document whole, with the entry."""
    _commit(lambda batch: batch.set(document, dict(fields)), document, before(document), fields)


def delete(document: DocumentReference) -> None:
    """Deletes a document, with the entry."""
    _commit(lambda batch: batch.delete(document), document, before(document), None)


def join(
    batch: WriteBatch,
    target: str,
    was: Mapping[str, Any] | None = None,
    is_now: Mapping[str, Any] | None = None,
    client: Client | None = None,
) -> None:
    """Adds the entry to a commit of several writes, of `client` unless they are of the main database.

    Only the first commit of a request takes it."""
    opened = _current.get()
    if opened and not opened.joined:
        opened.target, opened.joined = target, True
        opened.tenant = (is_now or {}).get("tenant") or (was or {}).get("tenant") or opened.tenant
        fields = _fields(opened, _told(was), _told(is_now))
        batch.create((client or firestore_client()).document(names.audit_path(_new_id())), fields)


def commit(
    batch: WriteBatch,
    target: str,
    was: Mapping[str, Any] | None = None,
    is_now: Mapping[str, Any] | None = None,
    client: Client | None = None,
) -> None:
    """Commits several writes with the entry; a commit that fails leaves it to the next try. Raises as that does."""
    opened = _current.get()
    free = opened is not None and not opened.joined
    join(batch, target, was, is_now, client)
    try:
        batch.commit()
    except Exception:
        if opened and free:
            opened.joined = False
        raise


def before(document: DocumentReference, fields: Mapping[str, Any] | None = None) -> Mapping[str, Any] | None:
    """What a document has now of `fields`, all if None: for `join`, and only read where an entry is to tell it."""
    opened = _current.get()
    if not opened or opened.joined:
        return None
    found: dict[str, Any] = document.get().to_dict() or {}
    return {name: value for name, value in found.items() if fields is None or name in fields}


def newest(tenant: str, limit: int, after: str | None = None) -> list[tuple[str, dict[str, Any]]]:
    """Up to `limit` entries of a tenant with their ids, the newest first, older than `after`. Raises NotFound."""
    clients = (firestore_client(), control_client())
    before: datetime | None = None
    if after is not None:
        last = [found for client in clients if (found := client.document(names.audit_path(after)).get()).exists]
        if not last:
            raise NotFound(f"entry {after!r} does not exist: expected `next` of the page before")
        before = last[0].get("at")
    found = [entry for client in clients for entry in _newest(client, tenant, limit, before)]
    return sorted(found, key=lambda entry: entry[1]["at"], reverse=True)[:limit]


def _newest(client: Client, tenant: str, limit: int, before: datetime | None) -> list[tuple[str, dict[str, Any]]]:
    query = client.collection("audit").where(filter=FieldFilter("tenant", "==", tenant))
    query = query.order_by("at", direction="DESCENDING").limit(limit)
    if before is not None:
        query = query.start_after({"at": before})
    return [(str(one.id), one.to_dict() or {}) for one in query.stream()]


def _commit(
    write: Callable[[WriteBatch], None],
    document: DocumentReference,
    was: Mapping[str, Any] | None,
    is_now: Mapping[str, Any] | None,
) -> None:
    client = documents_client(document.path)
    batch = client.batch()
    write(batch)
    commit(batch, document.path, was, is_now, client)


def _told(fields: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What readers of an entry may see; a transformation, such as an increment, by its name."""
    if fields is None:
        return None
    told = {name: value for name, value in fields.items() if name not in _UNTOLD}
    return {name: value if isinstance(value, _PLAIN) else type(value).__name__ for name, value in told.items()}


def _new_id() -> str:
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}Z-{secrets.token_hex(4)}"


def _fields(opened: Entry, was: dict[str, Any] | None, is_now: dict[str, Any] | None) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "at": now,
        "tenant": opened.tenant,
        "kind": opened.kind,
        "who": opened.who,
        "action": opened.action,
        "target": opened.target,
        "before": was,
        "after": is_now,
        "address": opened.address,
        "request": opened.request,
        "expires": now + KEPT,
    }
