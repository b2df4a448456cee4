"""`deliveries/{alert}.{channel}`: alerts on their way to a channel; closed to browsers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from google.api_core.exceptions import NotFound as GoogleNotFound
from google.cloud.firestore import FieldFilter, Increment, WriteBatch

from ...cloud.clients import firestore_client
from ...domain import names
from ...domain.acting import Alert, Delivery, DeliveryState
from ...domain.errors import NotFound, Stale
from ..control import audit

_MOST = 50  # of an alert: as many as there are channels


def begin(batch: WriteBatch, alert: Alert, channel: str, expires: datetime) -> None:
    """Adds a new delivery to `batch`."""
    fields = {
        "alert": alert.id,
        "channel": channel,
        "tenant": alert.tenant,
        "state": DeliveryState.PENDING.value,
        "attempts": 0,
        "status": None,
        "error": None,
        "updated": datetime.now(UTC),
        "replays": 0,
        "expires": expires,
    }
    batch.create(firestore_client().document(names.delivery_path(alert.id, channel)), fields)


def get(alert: str, channel: str) -> Delivery:
    """The delivery. Raises NotFound."""
    snapshot = firestore_client().document(names.delivery_path(alert, channel)).get()
    if not snapshot.exists:
        raise NotFound(f"alert {alert!r} has no delivery to {channel!r}")
    return _delivery(snapshot.to_dict() or {})


def of_alert(alert: str) -> list[Delivery]:
    """The deliveries of an alert, by channel."""
    found = firestore_client().collection("deliveries").where(filter=FieldFilter("alert", "==", alert)).limit(_MOST)
    return sorted((_delivery(one.to_dict() or {}) for one in found.stream()), key=lambda one: one.channel)


def note(
    alert: str, channel: str, state: DeliveryState, *, status: int | None = None, error: str | None = None
) -> None:
    """Notes how an attempt went. Raises Stale if the delivery is gone."""
    fields = {"state": state.value, "status": status, "error": error, "updated": datetime.now(UTC)}
    _update(alert, channel, fields | {"attempts": Increment(1)})


def gave_up(alert: str, channel: str) -> None:
    """Notes that a delivery is tried no more. Raises Stale if it is gone."""
    _update(alert, channel, {"state": DeliveryState.FAILED.value, "updated": datetime.now(UTC)})


def again(alert: str, channel: str) -> None:
    """Notes that an operator sends it once more."""
    document = firestore_client().document(names.delivery_path(alert, channel))
    audit.update(document, {"state": DeliveryState.PENDING.value, "replays": Increment(1)})


def _update(alert: str, channel: str, fields: Mapping[str, Any]) -> None:
    try:
        firestore_client().document(names.delivery_path(alert, channel)).update(dict(fields))
    except GoogleNotFound:
        raise Stale(f"the delivery of alert {alert!r} to {channel!r} is gone") from None


def _delivery(fields: Mapping[str, Any]) -> Delivery:
    return Delivery(
        alert=fields["alert"],
        channel=fields["channel"],
        tenant=fields["tenant"],
        state=DeliveryState(fields["state"]),
        attempts=int(fields["attempts"]),
        status=fields.get("status"),
        error=fields.get("error"),
        updated=fields.get("updated"),
        replays=int(fields.get("replays") or 0),
    )
