"""Sessions, read in lists and one by one. `streams` writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..cloud.clients import firestore_client
from ..domain import names
from ..domain.errors import NotFound
from ..domain.model import SegmentRef


def get(stream: str, session: str) -> Mapping[str, Any]:
    """The fields of a session. Raises NotFound."""
    snapshot = firestore_client().document(names.session_path(stream, names.check_session(session))).get()
    if not snapshot.exists:
        raise NotFound(f"stream {stream!r} has no session {session!r}")
    return snapshot.to_dict() or {}


def newest(stream: str, limit: int, before: str | None = None) -> list[tuple[str, Mapping[str, Any]]]:
    """Up to `limit` sessions with their ids, the newest first, those older than `before`. Raises NotFound."""
    sessions = firestore_client().collection(f"{names.stream_path(stream)}/sessions")
    query = sessions.order_by("started", direction="DESCENDING").limit(limit)
    if before is not None:
        last = sessions.document(names.check_session(before)).get()
        if not last.exists:
            raise NotFound(f"stream {stream!r} has no session {before!r}")
        query = query.start_after(last)
    return [(str(snapshot.id), snapshot.to_dict() or {}) for snapshot in query.stream()]


def bit_rate(stream: str, session: str, newest: int) -> int | None:
    """The most bits a second among the `newest` segments; None before one was sampled."""
    segments = firestore_client().collection(f"{names.session_path(stream, session)}/segments")
    query = segments.order_by("sequence", direction="DESCENDING").limit(newest).select(["bytes", "duration"])
    found = [one.to_dict() or {} for one in query.stream()]
    return max((round(8 * one["bytes"] / one["duration"]) for one in found if one.get("bytes")), default=None)


def sampled(refs: Iterable[SegmentRef]) -> set[SegmentRef]:
    """Those segments that have been sampled."""
    db = firestore_client()
    paths = {names.segment_path(ref): ref for ref in refs}
    found = db.get_all([db.document(path) for path in paths], field_paths=["sequence"])
    return {paths[snapshot.reference.path] for snapshot in found if snapshot.exists}
