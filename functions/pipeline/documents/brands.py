"""`brands/{brand}`: the names of a brand, and its reference marks.

Each write notes in `config/analysis` that a brand has changed, in the same commit: a process that watches that one
document learns of every brand (analysis_config). Firestore takes one write a second of a document: of many brands or
marks in a row only the last is `noted`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from google.api_core.exceptions import AlreadyExists
from google.api_core.exceptions import NotFound as GoogleNotFound
from google.cloud.firestore import SERVER_TIMESTAMP, ArrayRemove, ArrayUnion, FieldFilter

from ..cloud.clients import firestore_client
from ..domain import names
from ..domain.errors import Conflict, NotFound
from ..domain.model import Brand
from ..domain.settings import own_tenant
from .control import audit

if TYPE_CHECKING:
    from google.cloud import firestore


def enabled() -> tuple[Brand, ...]:
    """Every brand that is enabled."""
    query = firestore_client().collection("brands").where(filter=FieldFilter("enabled", "==", True))
    return tuple(_brand(snapshot) for snapshot in query.stream())


def get(brand: str) -> Brand:
    """The brand. Raises NotFound."""
    snapshot = firestore_client().document(names.brand_path(brand)).get()
    if not snapshot.exists:
        raise _missing(brand)
    return _brand(snapshot)


def list_all(limit: int, after: str | None = None, tenant: str | None = None) -> list[Brand]:
    """Up to `limit` brands in order of their ids, those after `after`; of one tenant, or of all."""
    query: Any = firestore_client().collection("brands")
    if tenant is not None:
        query = query.where(filter=FieldFilter("tenant", "==", tenant))
    query = query.order_by("__name__").limit(limit)
    if after is not None:
        query = query.start_after([firestore_client().document(names.brand_path(after))])
    return [_brand(snapshot) for snapshot in query.stream()]


def create(brand: Brand, *, noted: bool = True) -> None:
    """Writes a new brand. Raises Conflict if the id is taken."""
    fields = {
        "name": brand.name,
        "aliases": list(brand.aliases),
        "prompts": list(brand.prompts),
        "references": list(brand.references),
        "threshold": brand.threshold,
        "enabled": brand.enabled,
        "tenant": brand.tenant or own_tenant(),
        "created": SERVER_TIMESTAMP,
    }
    batch = _batch(noted)
    batch.create(firestore_client().document(names.brand_path(brand.id)), fields)
    audit.join(batch, names.brand_path(brand.id), is_now=fields)
    try:
        batch.commit()
    except AlreadyExists:
        raise Conflict(f"brand {brand.id!r} exists already: choose another id or delete it first") from None


def change(brand: str, fields: Mapping[str, Any], *, noted: bool = True) -> None:
    """Replaces `fields` of a brand. Raises NotFound."""
    batch = _batch(noted)
    document = firestore_client().document(names.brand_path(brand))
    batch.update(document, dict(fields))
    audit.join(batch, document.path, audit.before(document, fields), fields)
    try:
        batch.commit()
    except GoogleNotFound:
        raise _missing(brand) from None


def add_reference(brand: str, name: str, *, noted: bool = True) -> None:
    """Adds an object to a brand's reference marks. Idempotent. Raises NotFound."""
    change(brand, {"references": ArrayUnion([name])}, noted=noted)


def remove_reference(brand: str, name: str) -> None:
    """Takes an object from a brand's reference marks. Raises NotFound."""
    change(brand, {"references": ArrayRemove([name])})


def delete(brand: str) -> None:
    """Deletes a brand, but not its objects."""
    batch = _batch(noted=True)
    document = firestore_client().document(names.brand_path(brand))
    batch.delete(document)
    audit.join(batch, document.path, audit.before(document))
    batch.commit()


def _batch(noted: bool) -> firestore.WriteBatch:
    batch = firestore_client().batch()
    if noted:
        batch.set(firestore_client().document(names.CONFIG), {"brands_changed": SERVER_TIMESTAMP}, merge=True)
    return batch


def _missing(brand: str) -> NotFound:
    return NotFound(f"brand {brand!r} does not exist")


def _brand(snapshot: firestore.DocumentSnapshot[Any]) -> Brand:
    fields: dict[str, Any] = snapshot.to_dict() or {}
    return Brand(
        id=str(snapshot.id),
        name=fields.get("name", snapshot.id),
        aliases=tuple(fields.get("aliases") or ()),
        prompts=tuple(fields.get("prompts") or ()),
        references=tuple(fields.get("references") or ()),
        threshold=fields.get("threshold"),
        enabled=bool(fields.get("enabled", True)),
        version=str(snapshot.update_time),
        tenant=fields.get("tenant") or own_tenant(),
    )
