"""Documents of segments and sampled frames.

`sample` and `detect` write different fields of a frame's document, each as a merge, so that either may come first and a
repeated write changes nothing. A segment's document is written last: it marks the segment as done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from google.api_core.exceptions import Aborted, AlreadyExists, ResourceExhausted, ServiceUnavailable
from google.api_core.exceptions import NotFound as GoogleNotFound
from google.api_core.retry import Retry, if_exception_type
from google.cloud.firestore import ArrayUnion, Increment

from ..cloud.clients import firestore_client
from ..domain import names
from ..domain.batch import shares
from ..domain.model import Analysis, Detection, FrameRef, Kind, SampledFrame, SampledSegment, SegmentRef
from ..domain.quotas import MICROS, day
from ..domain.settings import own_tenant
from . import minutes, retention
from .tags import tags

GateFields = Mapping[str, Any]
"""The gate's state after a segment, as sampling.gate_state packs it."""

_BACK = 4  # segments before one that it can go on from
RETRY = Retry(if_exception_type(Aborted, ResourceExhausted, ServiceUnavailable), initial=0.05, maximum=1.0, timeout=20)
"""Of commits that may come twice. Several frames of a minute may wait for the one document of that minute."""


@dataclass(frozen=True, slots=True)
class SegmentContext:
    """The state before a segment is sampled. `gate` is from the nearest earlier segment, None if none of them is done;
    `in_order`: the segment just before is done, or this is the first."""

    stream_exists: bool
    done: bool
    gate: GateFields | None
    in_order: bool


def segment_context(ref: SegmentRef) -> SegmentContext:
    """Reads, in one round trip, if the stream exists, if the segment is done, and the gate's state before it."""
    db = firestore_client()
    stream, segment = db.document(names.stream_path(ref.stream)), db.document(names.segment_path(ref))
    before = [
        db.document(names.segment_path(SegmentRef(ref.stream, ref.session, sequence)))
        for sequence in range(ref.sequence - 1, max(-1, ref.sequence - 1 - _BACK), -1)
    ]
    found = {
        snapshot.reference.path: snapshot.to_dict() or {}
        for snapshot in db.get_all([stream, segment, *before], field_paths=["gate"])
        if snapshot.exists
    }
    gates = [found[one.path].get("gate") for one in before if one.path in found]
    in_order = not before or before[0].path in found
    return SegmentContext(stream.path in found, segment.path in found, next(filter(None, gates), None), in_order)


def write_frame(frame: SampledFrame) -> None:
    """Writes the fields of a frame that `sample` knows."""
    fields = asdict(frame)
    del fields["ref"]
    fields["reason"] = frame.reason.value
    fields["visual"]["colors"] = list(fields["visual"]["colors"])
    fields["sampled_at"] = datetime.now(UTC)
    fields["expires"] = retention.of_session()
    firestore_client().document(names.frame_path(frame.ref)).set(fields, merge=True)


def write_segment(sampled: SampledSegment, gate: GateFields, *, tenant: str = "") -> None:
    """Marks a segment as done, also in its minute. Of two deliveries at once, the first to write it wins.

    `tenant` is the stream's; the deployment's own without.
    """
    segment = sampled.segment
    fields = {
        "stream": segment.ref.stream,
        "tenant": tenant or own_tenant(),
        "sequence": segment.ref.sequence,
        "media_time": segment.media_time,
        "duration": segment.duration,
        "program_date_time": segment.program_date_time,
        "finalized_at": sampled.finalized_at,
        "sampled_at": datetime.now(UTC),
        "looked_at": sampled.looked_at,
        "frames": list(sampled.frames),
        "same_as": sampled.same_as,
        "motion": sampled.motion,
        "bytes": sampled.size,
        "discontinuity": segment.discontinuity,
        "gate": dict(gate),
        "expires": retention.of_session(),
    }
    batch = firestore_client().batch()
    batch.create(firestore_client().document(names.segment_path(segment.ref)), fields)
    minutes.add_segment(batch, sampled)
    try:
        batch.commit(retry=RETRY)
    except AlreadyExists:
        return


def may_have_boxes(ref: FrameRef) -> bool:
    """True if a frame has detections with boxes, or its analysis is not complete."""
    fields = firestore_client().document(names.frame_path(ref)).get(["kinds", "analyses"]).to_dict() or {}
    analyses: dict[str, dict[str, Any]] = fields.get("analyses") or {}
    kinds: list[str] = fields.get("kinds") or []
    if not kinds or any(kind not in analyses or analyses[kind].get("error") is not None for kind in kinds):
        return True
    return any(detection.get("box") for one in analyses.values() for detection in one.get("detections") or ())


@dataclass(frozen=True, slots=True)
class Looked:
    """The kinds that a frame has been analysed for without error, and when a provider was last paid for that."""

    kinds: frozenset[Kind]
    paid_at: datetime | None


def looked(ref: FrameRef, request: str | None = None) -> Looked:
    """What has been done about a frame; with `request`, in answer to that request."""
    snapshot = firestore_client().document(names.frame_path(ref)).get(["analyses", "paid_at"])
    fields: dict[str, Any] = snapshot.to_dict() or {}
    analyses: dict[str, dict[str, Any]] = fields.get("analyses") or {}
    done = {kind: analysis for kind, analysis in analyses.items() if analysis.get("error") is None}
    kinds = frozenset(Kind(kind) for kind, one in done.items() if request in (None, one.get("request")))
    return Looked(kinds, fields.get("paid_at"))


def pay(ref: FrameRef, usd: float, *, tenant: str, paid_at: datetime | None = None) -> None:
    """Notes that a provider was paid for a frame whose results are not kept; `paid_at` as `looked` says it."""
    fields = {"stream": ref.stream, "tenant": tenant} | _paid(usd, paid_at)
    with suppress(GoogleNotFound):  # it has expired
        firestore_client().document(names.frame_path(ref)).update(fields)


def _paid(usd: float, paid_at: datetime | None) -> dict[str, Any]:
    """The fields of a payment, which adds to those of the same day. Those of earlier days no longer matter."""
    now, micros = datetime.now(UTC), round(usd * MICROS)
    added = Increment(micros) if paid_at is None or paid_at >= day(now) else micros
    return {"paid_at": now, "paid_for": shares().lane, "paid_micros": added}


def write_analyses(
    ref: FrameRef,
    kinds: Iterable[Kind],
    analyses: Sequence[Analysis],
    request: str | None = None,
    *,
    tenant: str = "",
    usd: float = 0.0,
    paid_at: datetime | None = None,
) -> None:
    """Writes the fields of a frame that `detect` knows: the `kinds` of its analyses, each analysis whole, and the tags
    that it is found by; in the same commit also its part of its minute's document.

    `request` is the request to look again that this answers. `tenant` is the stream's; the deployment's own without.
    `usd` is what their provider was paid for them; `paid_at` as `looked` says it.
    """
    now = datetime.now(UTC)
    results = {analysis.kind.value: {**_analysis(analysis, now), "request": request} for analysis in analyses}
    fields: dict[str, Any] = {
        "stream": ref.stream,
        "tenant": tenant or own_tenant(),
        "kinds": [kind.value for kind in kinds],
        "analyses": results,
    }
    fields["expires"] = retention.of_session()
    if usd:
        fields |= _paid(usd, paid_at)
    if found := tags(analyses):
        fields["seen"] = ArrayUnion(found)
    # Paths, not True: an analysis is replaced as a whole, so that a success clears what an earlier error left.
    paths: Any = [*(name for name in fields if name != "analyses"), *(f"analyses.{kind}" for kind in results)]
    batch = firestore_client().batch()
    batch.set(firestore_client().document(names.frame_path(ref)), fields, merge=paths)  # declares a bool, takes paths
    minutes.add_looks(batch, ref, analyses)
    batch.commit(retry=RETRY)


def _analysis(analysis: Analysis, now: datetime) -> dict[str, Any]:
    fields = asdict(analysis)
    del fields["kind"]
    fields["detections"] = [_detection(one) for one in analysis.detections]
    fields["error"] = analysis.error and analysis.error.fields()
    return {**fields, "analyzed_at": now}


def _detection(detection: Detection) -> dict[str, Any]:
    fields = {**asdict(detection), "kind": detection.kind.value}
    corners = fields.pop("corners")
    return fields if corners is None else {**fields, "corners": list(corners)}
