"""Clips of streams: one document for each, whose id derives from what is cut. The same asked again is the same clip."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from google.api_core.exceptions import AlreadyExists, FailedPrecondition
from google.api_core.exceptions import NotFound as GoogleNotFound
from google.cloud.firestore import FieldFilter

from ..cloud.clients import firestore_client
from ..domain import names
from ..domain.clips import Asked, Clip, ClipState, read
from ..domain.errors import LimitReached, NotFound
from . import retention
from .control import audit

PER_STREAM = 8
"""Clips of a stream that may wait or be made at once."""
_UNFINISHED = [ClipState.WAITING.value, ClipState.RUNNING.value]


def begin(asked: Asked, created_by: str | None) -> tuple[Clip, bool]:
    """The clip that is asked for, and whether it is to be made now: it is new, or failed before.

    Raises LimitReached if many of the stream's clips are not done yet.
    """
    reference = firestore_client().document(names.clip_path(asked.stream, asked.clip))
    found = reference.get()
    if found.exists:
        known = read(asked.stream, asked.clip, found.to_dict() or {})
        if known.state is not ClipState.ERROR:
            return known, False
    _check_room(asked.stream)
    now = datetime.now(UTC)
    fields: dict[str, Any] = {
        "session": asked.session,
        "asked": asked.fields(),
        "state": ClipState.WAITING.value,
        "share": 0.0,
        "execution": None,
        "runner": None,
        "object": None,
        "size": None,
        "duration": None,
        "chapters": [],
        "error": None,
        "created": now,
        "created_by": created_by,
        "updated": now,
        "expires": _expires(),
    }
    try:
        if found.exists:
            audit.update(reference, fields, firestore_client().write_option(last_update_time=found.update_time))
        else:
            audit.create(reference, fields)
    except (AlreadyExists, FailedPrecondition):  # asked for at the same moment: the other one starts it
        return get(asked.stream, asked.clip), False
    return read(asked.stream, asked.clip, fields), True


def get(stream: str, clip: str) -> Clip:
    """The clip. Raises NotFound."""
    found = firestore_client().document(names.clip_path(stream, names.check_clip(clip))).get()
    if not found.exists:
        raise NotFound(f"stream {stream!r} has no clip {clip!r}")
    return read(stream, clip, found.to_dict() or {})


def newest(stream: str, limit: int, before: str | None = None) -> list[Clip]:
    """Up to `limit` clips of a stream, the newest first, those older than `before`. Raises NotFound."""
    clips = firestore_client().collection(f"{names.stream_path(stream)}/clips")
    query = clips.order_by("created", direction="DESCENDING").limit(limit)
    if before is not None:
        last = clips.document(names.check_clip(before)).get()
        if not last.exists:
            raise NotFound(f"stream {stream!r} has no clip {before!r}")
        query = query.start_after(last)
    return [read(stream, str(one.id), one.to_dict() or {}) for one in query.stream()]


def claim(stream: str, clip: str, runner: str) -> Clip | None:
    """Claims a clip for the execution `runner`. Idempotent. None: another execution has it, or it is done.

    Raises NotFound if it was deleted.
    """
    reference = firestore_client().document(names.clip_path(stream, clip))
    snapshot = reference.get()
    if not snapshot.exists:
        raise NotFound(f"stream {stream!r} has no clip {clip!r}: it was deleted")
    fields: dict[str, Any] = snapshot.to_dict() or {}
    found = read(stream, clip, fields)
    if found.state.value not in _UNFINISHED or fields.get("runner") not in (None, runner):
        return None
    taken = {"runner": runner, "state": ClipState.RUNNING.value, "updated": datetime.now(UTC)}
    try:
        reference.update(taken, firestore_client().write_option(last_update_time=snapshot.update_time))
    except FailedPrecondition:
        return claim(stream, clip, runner)  # front has just noted the execution, or another one was faster
    return found


def change(stream: str, clip: str, **fields: Any) -> None:
    """Merges `fields` (state, execution, share, object, size, duration, chapters, error). Raises NotFound if it was
    deleted."""
    document = firestore_client().document(names.clip_path(stream, clip))
    try:
        document.update({**fields, "updated": datetime.now(UTC)})
    except GoogleNotFound:
        raise NotFound(f"stream {stream!r} has no clip {clip!r}: it was deleted") from None


def delete(stream: str, clip: str) -> None:
    """Deletes a clip's document; who makes it notices, and leaves nothing behind."""
    audit.delete(firestore_client().document(names.clip_path(stream, clip)))


def unfinished(before: datetime) -> Iterator[Clip]:
    """Clips that are not done and have not changed since `before`, the oldest first."""
    query = firestore_client().collection_group("clips").where(filter=FieldFilter("state", "in", _UNFINISHED))
    for snapshot in query.where(filter=FieldFilter("updated", "<", before)).order_by("updated").limit(100).stream():
        yield read(snapshot.reference.parent.parent.id, snapshot.id, snapshot.to_dict() or {})


def _check_room(stream: str) -> None:
    clips = firestore_client().collection(f"{names.stream_path(stream)}/clips")
    waiting = clips.where(filter=FieldFilter("state", "in", _UNFINISHED)).limit(PER_STREAM).get()
    if len(waiting) >= PER_STREAM:
        raise LimitReached(f"{PER_STREAM} clips of stream {stream!r} are not done yet: wait for one of them")


def _expires() -> datetime | None:
    days = retention.clips().days
    return datetime.now(UTC) + timedelta(days=days) if days else None
