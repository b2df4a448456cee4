"""`brands/{brand}`: the names of a brand, and its reference marks.

Each write notes in `changes/brands` that a brand has changed, in the same commit: a process that watches that one
document learns of every brand (analysis_config). Firestore takes one write a second of a document: of many brands or
marks in a row only the last is `noted`.
"""

from __future__ import annotations

import random
import time
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from google.api_core.exceptions import AlreadyExists, FailedPrecondition
from google.api_core.exceptions import NotFound as GoogleNotFound
from google.cloud.firestore import SERVER_TIMESTAMP, ArrayRemove, FieldFilter

from ..cloud.clients import firestore_client
from ..domain import names
from ..domain.errors import BadRequest, Conflict, NotFound, Unavailable
from ..domain.model import Brand
from ..domain.settings import own_tenant
from .control import audit

if TYPE_CHECKING:
    from google.cloud import firestore

_MOST = 500  # of a tenant: each process that analyses has all brands in memory
_MOST_NAMES = 5000  # that are compared with a new one
_ATTEMPTS = 30  # to add a mark, while others are added


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


def named(name: str, tenant: str) -> Brand | None:
    """The brand of a tenant that has this name, however its letters' case and accents are written."""
    return next((one for one in list_all(_MOST_NAMES, tenant=tenant) if _same(one.name) == _same(name)), None)


def create(brand: Brand, ids: Iterable[str] | None = None, *, noted: bool = True) -> Brand:
    """Writes a new brand, under the first of `ids` that is free if they are given.

    Raises Conflict for taken ids, and BadRequest if the tenant has as many brands as it may. (Those that are made at
    the same moment are not counted.)
    """
    tenant = brand.tenant or own_tenant()
    own = firestore_client().collection("brands").where(filter=FieldFilter("tenant", "==", tenant))
    if int(own.limit(_MOST).count().get()[0][0].value) >= _MOST:
        raise BadRequest(f"this tenant has {_MOST} brands, and no more are taken: delete one first")
    fields = {
        "name": brand.name,
        "aliases": list(brand.aliases),
        "prompts": list(brand.prompts),
        "references": list(brand.references),
        "threshold": brand.threshold,
        "enabled": brand.enabled,
        "tenant": tenant,
        "created": SERVER_TIMESTAMP,
    }
    tried = ""
    for tried in (brand.id,) if ids is None else ids:
        batch = _batch(noted)
        batch.create(firestore_client().document(names.brand_path(tried)), fields)
        try:
            audit.commit(batch, names.brand_path(tried), is_now=fields)
        except AlreadyExists:
            continue
        return replace(brand, id=tried)
    raise Conflict(f"brand id {tried!r} is taken: choose another one")


def change(brand: str, fields: Mapping[str, Any], *, noted: bool = True) -> None:
    """Replaces `fields` of a brand. Raises NotFound."""
    batch = _batch(noted)
    document = firestore_client().document(names.brand_path(brand))
    batch.update(document, dict(fields))
    try:
        audit.commit(batch, document.path, audit.before(document, fields), fields)
    except GoogleNotFound:
        raise _missing(brand) from None


def add_reference(brand: str, name: str, most: int, *, noted: bool = True) -> None:
    """Adds an object to a brand's reference marks, of which it has `most` at most. Idempotent.

    Raises NotFound, BadRequest for one mark too many, and Unavailable if others change the brand all the time.
    """
    document = firestore_client().document(names.brand_path(brand))
    for attempt in range(_ATTEMPTS):
        snapshot = document.get(["references"])
        if not snapshot.exists:
            raise _missing(brand)
        held: list[str] = (snapshot.to_dict() or {}).get("references") or []
        if name in held:
            _batch(noted).commit()  # only the note is new
            return
        if len(held) >= most:
            raise BadRequest(f"brand {brand!r} has {most} reference marks, and no more are taken: delete one first")
        batch = _batch(noted)
        seen = firestore_client().write_option(last_update_time=snapshot.update_time)
        batch.update(document, {"references": [*held, name]}, seen)
        try:
            audit.commit(batch, document.path, {"references": held}, {"references": [*held, name]})
        except FailedPrecondition:  # another mark came meanwhile
            time.sleep(random.uniform(0, 0.05 * (attempt + 1)))
        except GoogleNotFound:
            raise _missing(brand) from None
        else:
            return
    raise Unavailable(f"brand {brand!r} is changed by many at once: try again")


def remove_reference(brand: str, name: str) -> None:
    """Takes an object from a brand's reference marks. Raises NotFound."""
    change(brand, {"references": ArrayRemove([name])})


def delete(brand: str) -> None:
    """Deletes a brand, but not its objects."""
    batch = _batch(noted=True)
    document = firestore_client().document(names.brand_path(brand))
    batch.delete(document)
    audit.commit(batch, document.path, audit.before(document))


def _batch(noted: bool) -> firestore.WriteBatch:
    batch = firestore_client().batch()
    if noted:
        batch.set(firestore_client().document(names.BRANDS_CHANGED), {"at": SERVER_TIMESTAMP})
    return batch


def _same(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


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
