"""Transcripts, one document per segment, written whole: a success clears what an earlier error left."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from google.cloud.firestore_v1.aggregation import AggregationQuery

from ..cloud.clients import firestore_client
from ..domain import names
from ..domain.model import SegmentRef, Transcript
from ..domain.quotas import MICROS
from ..domain.settings import own_tenant
from ..reports.prices import of_speech
from ..reports.usage import Speech
from . import retention


def done(ref: SegmentRef) -> bool:
    """True if a segment has been transcribed without error."""
    snapshot = firestore_client().document(names.transcript_path(ref)).get(["error"])
    return snapshot.exists and (snapshot.to_dict() or {}).get("error") is None


def write(transcript: Transcript, *, tenant: str = "") -> None:
    """Writes the transcript of a segment. `tenant` is the stream's; the deployment's own without."""
    segment = transcript.segment
    fields: dict[str, Any] = {
        "stream": segment.ref.stream,
        "tenant": tenant or own_tenant(),
        "sequence": segment.ref.sequence,
        "media_time": segment.media_time,
        "duration": segment.duration,
        "program_date_time": segment.program_date_time,
        "begins": transcript.begins,
        "words": [asdict(word) for word in transcript.words],
        "language": transcript.language,
        "model": transcript.model,
        "seconds": transcript.seconds,
        "took_ms": transcript.took_ms,
        "error": transcript.error and transcript.error.fields(),
        "transcribed_at": datetime.now(UTC),
        "expires": retention.of_session(),
    }
    if transcript.seconds:
        fields |= {"paid_at": fields["transcribed_at"], "paid_micros": round(of_speech(transcript.seconds) * MICROS)}
    firestore_client().document(names.transcript_path(segment.ref)).set(fields)


def usage(stream: str, session: str) -> Speech:
    """The usage of a session's transcripts, added up by Firestore."""
    query = firestore_client().collection(f"{names.session_path(stream, session)}/transcripts")
    # A query for each: to add up two fields at once takes an index of both, which every transcript would pay for.
    found = _added(query.count(alias="segments").sum("seconds", alias="seconds")) | _added(
        query.sum("took_ms", alias="took_ms")
    )
    return Speech(found["segments"], found["seconds"], found["took_ms"])


def _added(asked: object) -> dict[str, float]:
    assert isinstance(asked, AggregationQuery)  # its methods are declared for the one that is awaited, too
    return {one.alias: float(one.value or 0) for row in asked.stream() for one in row}
