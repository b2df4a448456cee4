"""Transcripts, one document per segment, written whole: a success clears what an earlier error left.

When a session has ended, the words of its final transcript take the place of those that were heard live.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from google.cloud.firestore import FieldFilter
from google.cloud.firestore_v1.aggregation import AggregationQuery

from ...cloud.clients import firestore_client
from ...domain import names
from ...domain.model import SegmentRef, Transcript, Word
from ...domain.quotas import MICROS, day
from ...domain.settings import own_tenant
from ...reports.observations import FOREVER
from ...reports.prices import of_speech
from ...reports.spoken import Heard, Said
from ...reports.usage import Speech
from .. import retention

if TYPE_CHECKING:
    from google.cloud.firestore import Query

_COMMIT = 400  # documents: Firestore takes 500
_PAGE = 500  # documents
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


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
        "words": [_word(word) for word in transcript.words],
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


def begins(stream: str, session: str, first: int, last: int) -> dict[int, float]:
    """The media time (s) at which each of the segments `first` to `last` begins, of those that are transcribed."""
    found = _between(stream, session, first, last).select(["sequence", "media_time"]).get()
    return {int(one.get("sequence")): float(one.get("media_time")) for one in found}


def times(ref: SegmentRef) -> tuple[float, float] | None:
    """From when to when a segment lasts (s of media time); None: it is not transcribed."""
    snapshot = firestore_client().document(names.transcript_path(ref)).get(["media_time", "duration"])
    if not snapshot.exists:
        return None
    begin = float(snapshot.get("media_time"))
    return begin, begin + float(snapshot.get("duration"))


def count(stream: str, session: str) -> int:
    """How many segments of a session are transcribed, those that failed included."""
    query = firestore_client().collection(f"{names.session_path(stream, session)}/transcripts")
    return int(_added(query.count(alias="segments"))["segments"])


def replace(
    stream: str, session: str, words: Mapping[int, Sequence[Word]], *, language: str | None, model: str, seconds: float
) -> None:
    """Puts the words of a final transcript in place of those that were heard live. Idempotent but for the bill.

    `words` by the sequence of their segments, which are transcribed; `seconds` are billed in all.
    """
    now, share = datetime.now(UTC), seconds / max(1, len(words))
    known = {int(one.get("sequence")): one.to_dict() or {} for one in _between(stream, session, *_ends(words)).get()}
    db = firestore_client()
    for some in _in_commits(sorted(words.keys() & known.keys())):
        batch = db.batch()
        for sequence in some:
            before = known[sequence]
            paid = int(before.get("paid_micros") or 0) if before.get("paid_at", _LONG_AGO) >= day(now) else 0
            fields = {
                "words": [_word(word) for word in words[sequence]],
                "begins": before["media_time"],
                "language": language or before.get("language"),
                "model": model,
                "seconds": float(before.get("seconds") or 0) + share,
                "error": None,
                "final": True,
                "transcribed_at": now,
                "paid_at": now,
                "paid_micros": paid + round(of_speech(share) * MICROS),
            }
            batch.update(db.document(names.transcript_path(SegmentRef(stream, session, sequence))), fields)
        batch.commit()


def heard(stream: str, session: str, since: int = 0, until: float = FOREVER) -> Iterator[Heard]:
    """The transcripts of a session in order, from the segment `since` on, of segments that begin before `until` (s)."""
    transcripts = firestore_client().collection(f"{names.session_path(stream, session)}/transcripts")
    query = transcripts.where(filter=FieldFilter("sequence", ">=", since)).order_by("sequence").limit(_PAGE)
    while True:
        found = query.get()
        for snapshot in found:
            fields: dict[str, Any] = snapshot.to_dict() or {}
            if fields["media_time"] >= until:
                return
            yield Heard(
                sequence=fields["sequence"],
                begins=fields["begins"],
                words=tuple(Said(**word) for word in fields["words"]),
                failed=fields.get("error") is not None,
                final=bool(fields.get("final")),
                language=fields.get("language"),
            )
        if len(found) < _PAGE:
            return
        query = query.start_after(found[-1])


def first_from(stream: str, session: str, start: float) -> int:
    """The sequence of the segment that media time `start` (s) lies in, or of the next one that is transcribed."""
    transcripts = firestore_client().collection(f"{names.session_path(stream, session)}/transcripts")
    query = transcripts.where(filter=FieldFilter("media_time", "<=", start)).order_by("media_time", "DESCENDING")
    found = query.limit(1).select(["sequence"]).get()
    return int(found[0].get("sequence")) if found else 0


def usage(stream: str, session: str) -> Speech:
    """The usage of a session's transcripts, added up by Firestore."""
    query = firestore_client().collection(f"{names.session_path(stream, session)}/transcripts")
    # A query for each: to add up two fields at once takes an index of both, which every transcript would pay for.
    found = _added(query.count(alias="segments").sum("seconds", alias="seconds")) | _added(
        query.sum("took_ms", alias="took_ms")
    )
    return Speech(found["segments"], found["seconds"], found["took_ms"])


def _in_commits(sequences: Sequence[int]) -> Iterator[Sequence[int]]:
    return (sequences[at : at + _COMMIT] for at in range(0, len(sequences), _COMMIT))


def _between(stream: str, session: str, first: int, last: int) -> Query:
    """The transcripts of the segments `first` to `last`."""
    transcripts = firestore_client().collection(f"{names.session_path(stream, session)}/transcripts")
    query = transcripts.where(filter=FieldFilter("sequence", ">=", first))
    return query.where(filter=FieldFilter("sequence", "<=", last)).order_by("sequence")


def _ends(words: Mapping[int, Sequence[Word]]) -> tuple[int, int]:
    return (min(words), max(words)) if words else (0, -1)


def _word(word: Word) -> dict[str, Any]:
    """A word as documents hold it; `speaker` only where speakers are told apart."""
    fields = asdict(word)
    return fields if word.speaker else {name: value for name, value in fields.items() if name != "speaker"}


def _added(asked: object) -> dict[str, float]:
    assert isinstance(asked, AggregationQuery)  # its methods are declared for the one that is awaited, too
    return {one.alias: float(one.value or 0) for row in asked.stream() for one in row}
