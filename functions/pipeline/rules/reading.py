"""Reads what is known of a session for certain: up to the first segment, or frame, whose results have yet to come.

Results come in any order. What lies before that point changes no more, so each evaluation of it finds the same. What
has not come within `PATIENCE` is taken for lost: its time is time of which nothing is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ..cloud.clients import firestore_client
from ..documents import results
from ..documents.spoken import transcripts
from ..domain import names
from ..domain.errors import Stale
from ..domain.model import Kind
from ..reports.model import Look, Stretch
from ..reports.observations import observations
from ..reports.spoken import joined
from .model import Part, Timeline

PATIENCE = timedelta(seconds=60)
_BEFORE = 60_000  # ms: a frame before the time in question still holds, where the picture rests
_FIELDS = ("kinds", "sampled_at", "reason", "analyses")


@dataclass(frozen=True, slots=True)
class Session:
    """A session that rules look at."""

    stream: str
    id: str
    started: datetime
    ended: datetime | None
    error: str | None


def session(stream: str, id: str) -> Session:
    """The session. Raises Stale if it is gone."""
    snapshot = firestore_client().document(names.session_path(stream, id)).get(["started", "ended", "error"])
    fields: dict[str, Any] = snapshot.to_dict() or {}
    if not fields.get("started"):
        raise Stale(f"session {id!r} of stream {stream!r} has been deleted")
    error: Any = fields.get("error")
    said = error.get("message") if isinstance(error, Mapping) else error
    return Session(stream, id, fields["started"], fields.get("ended"), said)


def timeline(of: Session, kind: Kind | None, since: int, *, hears: bool = False, begins: int = 0) -> Timeline:
    """What is known from media time `since` (ms) on; nothing before `begins` counts."""
    now = datetime.now(UTC)
    start = max(0, begins, since - _BEFORE)
    parts, end = _parts(of, start, now)
    looks: list[Look] = []
    if kind is not None and parts:
        looks, end = _looks(of, kind, start, end, now)
    stretches = [Stretch(one.start, min(one.end, end)) for one in parts if one.start < end]
    words = ()
    if hears:
        first = transcripts.first_from(of.stream, of.id, start / 1000)
        heard = joined(transcripts.heard(of.stream, of.id, first))
        words = tuple(word for _, standing in heard for word in standing)
    return Timeline(
        start=start,
        end=end,
        whole=start <= begins,
        seen=tuple(observations(looks, stretches)),
        said=words,
        parts=tuple(parts),
        started=of.started,
        ended=of.ended,
        now=now,
        error=of.error,
    )


def _parts(of: Session, start: int, now: datetime) -> tuple[list[Part], int]:
    """The sampled segments from `start` on, and the end of those that follow each other."""
    found = results.segments(of.stream, of.id, start)
    parts, end, expected = list[Part](), start, None
    for sequence, fields in sorted(found.items()):
        late = now - fields["finalized_at"] > PATIENCE
        if expected is not None and sequence > expected and not late and of.ended is None:
            break
        expected = sequence + 1
        begin = round(fields["media_time"] * 1000)
        end = begin + round(fields["duration"] * 1000)
        if fields["frames"] or fields["same_as"] is not None:
            parts.append(Part(begin, end, bool(fields.get("discontinuity"))))
    return parts, end


def _looks(of: Session, kind: Kind, start: int, end: int, now: datetime) -> tuple[list[Look], int]:
    """The frames up to the first one whose results have yet to come; and the time of that one, or `end`."""
    looks: list[Look] = []
    for at, fields in results.frames(of.stream, of.id, start, end, _FIELDS):
        analysis: Mapping[str, Any] | None = (fields.get("analyses") or {}).get(kind.value)
        wanted = kind.value in (fields.get("kinds") or (kind.value,))
        if analysis is None and wanted and now - fields["sampled_at"] <= PATIENCE:
            return looks, at
        reason = fields.get("reason")
        looks.append(Look(at, results.sights(analysis), unchanged=reason == "interval", cut=reason == "cut"))
    return looks, end
