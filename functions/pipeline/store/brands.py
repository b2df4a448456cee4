"""Brands: how what a provider calls a logo is called here."""

from __future__ import annotations

from google.cloud.firestore import FieldFilter

from ..clients import firestore_client
from ..model import Brand


def enabled() -> tuple[Brand, ...]:
    """Every brand that is enabled."""
    query = firestore_client().collection("brands").where(filter=FieldFilter("enabled", "==", True))
    found: list[Brand] = []
    for snapshot in query.stream():
        fields = snapshot.to_dict() or {}
        found.append(Brand(snapshot.id, fields.get("name", snapshot.id), tuple(fields.get("aliases") or ())))
    return tuple(found)
