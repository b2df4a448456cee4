"""Documents of minutes: the detections of a session in few and small documents, for timelines of hours.

There are two documents per minute and kind, of which `track` writes one, and one of the segments that begin in it. Each
frame and each segment is a field of its own, written as a merge together with the document that it is taken from:
nothing is counted, and no order matters.

An imported file's minutes pass within seconds, and Firestore takes about one write a second of one document. So each of
its documents is dealt out to `_SPREAD`: in all, none gets more writes than a commit is tried again for in seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..cloud.clients import firestore_client
from ..domain import names
from ..domain.model import Analysis, Detection, FrameRef, Kind, SampledSegment
from . import retention

if TYPE_CHECKING:
    from google.cloud import firestore

_MINUTE = 60_000  # ms
_SPREAD = 7  # a prime: frames at any regular interval are dealt out evenly
_QUARTER = 250  # ms: frames are no closer to each other
_MAX_LABELS, _MAX_LABEL_LENGTH = 8, 80  # of a frame, in letters: a document stays far below Firestore's 1 MiB


@dataclass(frozen=True, slots=True)
class Span:
    """A label that is there from `begin` to `end` (ms of media time)."""

    label: str
    confidence: float
    begin: int
    end: int


def add_looks(batch: firestore.WriteBatch, ref: FrameRef, analyses: Iterable[Analysis]) -> None:
    """Adds to `batch` the detections of each analysis of a frame; null if it failed."""
    minute = ref.media_ms // _MINUTE
    for analysis in analyses:
        seen = None if analysis.error is not None else _surest(analysis.detections)
        part = _part(analysis.kind.value, ref.session, ref.media_ms // _QUARTER)
        path = names.minute_path(ref.stream, ref.session, minute, part)
        fields = {"minute": minute, "kind": analysis.kind.value, "looks": {f"{ref.media_ms:010d}": seen}}
        batch.set(firestore_client().document(path), fields | {"expires": retention.of_session()}, merge=True)


def add_segment(batch: firestore.WriteBatch, sampled: SampledSegment) -> None:
    """Adds to `batch` the time (ms) of a segment whose results are known: it has frames, or names whose it inherits."""
    if not sampled.frames and sampled.same_as is None:
        return
    segment = sampled.segment
    start, end = (round(time * 1000) for time in (segment.media_time, segment.media_time + segment.duration))
    part = _part("segments", segment.ref.session, segment.ref.sequence)
    path = names.minute_path(segment.ref.stream, segment.ref.session, start // _MINUTE, part)
    fields: dict[str, Any] = {"minute": start // _MINUTE, "segments": {f"{segment.ref.sequence:08d}": [start, end]}}
    batch.set(firestore_client().document(path), fields | {"expires": retention.of_session()}, merge=True)


def add_ways(batch: firestore.WriteBatch, ref: FrameRef, kind: Kind, to: int, spans: Iterable[Span]) -> None:
    """Adds to `batch` when labels are there, from a frame up to the one at `to` ms. Replaces what was known of it."""
    by_label: dict[str, list[Span]] = {}
    for span in sorted(spans, key=lambda one: (one.begin, one.end)):
        by_label.setdefault(span.label[:_MAX_LABEL_LENGTH], []).append(span)
    surest = {label: max(span.confidence for span in mine) for label, mine in by_label.items()}
    labels = [
        {"label": label, "confidence": round(surest[label], 3), "times": _times(by_label[label])}
        for label in sorted(by_label, key=lambda one: (-surest[one], one))[:_MAX_LABELS]
    ]
    minute = ref.media_ms // _MINUTE
    part = _part(f"{kind.value}-ways", ref.session, ref.media_ms // _QUARTER)
    path = names.minute_path(ref.stream, ref.session, minute, part)
    followed = {f"{ref.media_ms:010d}": {"to": to, "labels": labels}}
    fields = {"minute": minute, "kind": kind.value, "followed": followed, "expires": retention.of_session()}
    batch.set(firestore_client().document(path), fields, merge=True)


def _times(spans: Iterable[Span]) -> list[int]:
    """From, to, from, to, …: spans that meet are one."""
    times: list[int] = []
    for span in spans:
        if times and span.begin <= times[-1]:
            times[-1] = max(times[-1], span.end)
        else:
            times += [span.begin, span.end]
    return times


def _part(part: str, session: str, number: int) -> str:
    return f"{part}-{number % _SPREAD}" if names.is_import(session) else part


def _surest(detections: Sequence[Detection]) -> list[dict[str, Any]]:
    """The highest confidence of each label, the surest labels first."""
    found: dict[str, float] = {}
    for one in detections:
        label = one.label[:_MAX_LABEL_LENGTH]
        found[label] = max(found.get(label, 0.0), one.confidence)
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return [{"label": label, "confidence": round(sure, 3)} for label, sure in ordered[:_MAX_LABELS]]
