"""`providers/{name}`: how each provider stands, as whoever called it last has seen. Browsers show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..cloud.clients import firestore_client
from ..domain import names


def write(provider: str, fields: Mapping[str, Any]) -> None:
    """Merges `fields` into a provider's document."""
    firestore_client().document(names.provider_path(provider)).set(dict(fields), merge=True)


def get_all(providers: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """What is known of `providers`, by name; one that was never called is missing."""
    db = firestore_client()
    found = db.get_all([db.document(names.provider_path(provider)) for provider in providers])
    return {str(snapshot.id): snapshot.to_dict() or {} for snapshot in found if snapshot.exists}
