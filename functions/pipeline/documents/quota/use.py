"""What streams and tenants have used since a time, added up by Firestore.

Nothing is counted twice and nothing can be forgotten: a segment's document has its length and bytes, those of a frame
and of a transcript what was paid for it, and a document is written once, however often its event comes. What came
before the release that wrote these fields is not counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from google.cloud.firestore import FieldFilter
from google.cloud.firestore_v1.aggregation import AggregationQuery

from ...cloud.clients import firestore_client
from ...domain.quotas import MICROS, Use
from ..retention import retention

if TYPE_CHECKING:
    from google.cloud import firestore


@dataclass(frozen=True, slots=True)
class Owner:
    """A stream or a tenant, or a lane: the `field` of the documents that names it, and its id."""

    field: str
    id: str


def stream(id: str) -> Owner:
    """A stream."""
    return Owner("stream", id)


def tenant(id: str) -> Owner:
    """A tenant."""
    return Owner("tenant", id)


def of(owner: Owner, since: datetime) -> Use:
    """All that was used; bytes only of a tenant."""
    frames, usd = paid(owner, since)
    return Use(media_seconds(owner, since), media_bytes(owner, since) if owner.field == "tenant" else 0, frames, usd)


def media_seconds(owner: Owner, since: datetime) -> float:
    """Seconds of media that were stored and sampled."""
    return _added(_since("segments", owner, "finalized_at", since).sum("duration", alias="seconds"))["seconds"]


def media_bytes(owner: Owner, since: datetime) -> int:
    """Bytes of media that were stored and sampled."""
    return round(_added(_since("segments", owner, "finalized_at", since).sum("bytes", alias="bytes"))["bytes"])


def paid(owner: Owner, since: datetime) -> tuple[int, float]:
    """Frames that paid providers saw, and dollars, those for transcripts included."""
    seen = _since("frames", owner, "paid_at", since)
    found = _added(seen.count(alias="frames").sum("paid_micros", alias="micros"))
    heard = _added(_since("transcripts", owner, "paid_at", since).sum("paid_micros", alias="micros"))
    return round(found["frames"]), (found["micros"] + heard["micros"]) / MICROS


def frames_paid_for(lane: str, since: datetime) -> int:
    """Frames of all tenants that paid providers saw since a time, live or in batch."""
    return round(_added(_since("frames", Owner("paid_for", lane), "paid_at", since).count(alias="frames"))["frames"])


def kept(tenant: str, now: datetime) -> int:
    """Bytes of a tenant's media that are kept now."""
    return media_bytes(Owner("tenant", tenant), now - timedelta(days=retention().segment_days))


def first_paid(owner: Owner, since: datetime) -> datetime | None:
    """When the first of the frames and transcripts was paid that were paid since then."""
    times: list[datetime] = []
    for group in ("frames", "transcripts"):
        # In the order of the index that adds them up.
        query = _since(group, owner, "paid_at", since).order_by("paid_at").order_by("paid_micros")
        found = query.limit(1).select(["paid_at"]).stream()
        times += [snapshot.get("paid_at") for snapshot in found]
    return min(times, default=None)


def _since(group: str, owner: Owner, time: str, since: datetime) -> firestore.Query:
    documents = firestore_client().collection_group(group)
    return documents.where(filter=FieldFilter(owner.field, "==", owner.id)).where(filter=FieldFilter(time, ">=", since))


def _added(asked: Any) -> dict[str, float]:
    assert isinstance(asked, AggregationQuery)  # its methods are declared for the one that is awaited, too
    return {one.alias: float(one.value or 0) for row in asked.stream() for one in row}
