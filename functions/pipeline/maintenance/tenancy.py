"""Documents of releases without tenants, which become the deployment's own, and private."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from google.api_core.exceptions import NotFound as GoogleNotFound

from ..cloud.clients import firestore_client
from ..domain.people import UNSAID
from ..domain.settings import own_tenant

_FIELDS = ("tenant",)
_adopted = False


def sweep(now: datetime) -> int:
    """Gives streams and brands without a tenant to the deployment's own, once per process. Returns how many there were.

    Rules and lists ask for the field; frames have none and expire.
    """
    global _adopted
    if _adopted:
        return 0
    stream: dict[str, Any] = {"visibility": UNSAID.value, "viewers": [], "created_by": None}
    done = _adopt("streams", stream) + _adopt("brands", {})
    _adopted = True
    return done


def forget() -> None:
    """Looks again at the next call."""
    global _adopted
    _adopted = False


def _adopt(collection: str, fields: dict[str, Any]) -> int:
    done = 0
    for snapshot in firestore_client().collection(collection).select(_FIELDS).stream():
        if (snapshot.to_dict() or {}).get("tenant"):
            continue
        try:
            snapshot.reference.update({"tenant": own_tenant(), **fields})
        except GoogleNotFound:  # deleted meanwhile
            continue
        done += 1
    return done
