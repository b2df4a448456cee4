"""`alerts/{alert}`: what rules fired for; closed to browsers. Each is created once, with its deliveries, and goes with
the media that it is about, unless it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from google.api_core.exceptions import AlreadyExists
from google.cloud.firestore import FieldFilter

from ...cloud.clients import firestore_client
from ...domain import names
from ...domain.acting import Alert
from ...domain.errors import NotFound
from .. import retention
from ..control import audit
from . import deliveries


def create(alert: Alert, channels: Sequence[str]) -> bool:
    """Writes a new alert, with a delivery to each of its channels; False if it is there already."""
    db = firestore_client()
    batch, expires = db.batch(), retention.of_session()
    fields = asdict(alert) | {"facts": dict(alert.facts), "expires": expires}
    del fields["id"]
    batch.create(db.document(names.alert_path(alert.id)), fields)
    for channel in channels:
        deliveries.begin(batch, alert, channel, expires)
    try:
        batch.commit()
    except AlreadyExists:
        return False
    return True


def get(alert: str) -> Alert:
    """The alert. Raises NotFound."""
    snapshot = firestore_client().document(names.alert_path(alert)).get()
    if not snapshot.exists:
        raise NotFound(f"alert {alert!r} does not exist: alerts go with their media, unless they are kept")
    return _alert(str(snapshot.id), snapshot.to_dict() or {})


def exists(alert: str) -> bool:
    """Whether there is such an alert."""
    return firestore_client().document(names.alert_path(alert)).get(["rule"]).exists


def beside(rule: str, stream: str, at: datetime, seconds: float) -> bool:
    """Whether a rule has fired on a stream less than so many seconds before or after an instant."""
    apart = timedelta(seconds=seconds)
    query = firestore_client().collection("alerts").where(filter=FieldFilter("rule", "==", rule))
    query = query.where(filter=FieldFilter("stream", "==", stream)).where(filter=FieldFilter("at", ">", at - apart))
    return bool(query.where(filter=FieldFilter("at", "<", at + apart)).order_by("at").limit(1).get())


def newest(
    tenant: str, limit: int, *, stream: str | None = None, rule: str | None = None, before: datetime | None = None
) -> list[Alert]:
    """Up to `limit` alerts of a tenant, the newest first: of a stream and a rule, and older than `before`, if given."""
    query = firestore_client().collection("alerts").where(filter=FieldFilter("tenant", "==", tenant))
    for name, value in (("stream", stream), ("rule", rule)):
        if value is not None:
            query = query.where(filter=FieldFilter(name, "==", value))
    if before is not None:
        query = query.where(filter=FieldFilter("at", "<", before))
    found = query.order_by("at", direction="DESCENDING").limit(limit)
    return [_alert(str(one.id), one.to_dict() or {}) for one in found.stream()]


def keep(alert: str, kept: bool) -> None:
    """Keeps an alert beyond its media, or lets it go with them. Deliveries go with them in any case."""
    expires = None if kept else retention.of_session()
    audit.update(firestore_client().document(names.alert_path(alert)), {"kept": kept, "expires": expires})


def _alert(id: str, fields: Mapping[str, Any]) -> Alert:
    known = {name: value for name, value in fields.items() if name in Alert.__dataclass_fields__}
    return Alert(id=id, **known)
