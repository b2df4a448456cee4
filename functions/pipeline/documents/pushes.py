"""`pushes/{stream}`: the progress of an HLS push, so that any instance goes on from where another stopped.

One document per stream, written whole under the version that it replaces: of two requests that decide at once, one
wins and the other reads it again.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any

from google.api_core.exceptions import AlreadyExists, FailedPrecondition
from google.api_core.exceptions import NotFound as GoogleNotFound
from google.cloud import firestore

from ..cloud.clients import firestore_client
from ..domain import names
from ..domain.errors import Conflict, Stopped


@dataclass(frozen=True, slots=True)
class Item:
    """A segment as the sender's playlist lists it: `number` is its media sequence there, `duration` seconds."""

    number: int
    name: str
    duration: float
    program_date_time: datetime | None = None
    discontinuity: bool = False
    init: str | None = None


@dataclass(frozen=True, slots=True)
class Assigned:
    """A staged object that has its place in the session. `generation` is the staged object's."""

    sequence: int
    name: str
    generation: int
    init: str | None
    media_time: float
    duration: float
    program_date_time: datetime
    discontinuity: bool


@dataclass(frozen=True, slots=True)
class Push:
    """State of a push. `next` is the next sequence, `end` the media time at which it begins (s).

    `last` is the sender's number of the last segment taken, `recent` has name and checksum of the last ones, `waiting`
    the segments that are listed and have not come, `assigned` those that may not be stored yet; `signature` is what
    decoders were set up for.
    """

    session: str
    target: int
    started: datetime | None = None
    next: int = 0
    end: float = 0.0
    discontinuities: int = 0
    last: int | None = None
    ended: bool = False
    resumed: bool = False
    signature: str | None = None
    recent: tuple[str, ...] = ()
    waiting: tuple[Item, ...] = ()
    assigned: tuple[Assigned, ...] = ()
    version: Any = field(default=None, compare=False)


def load(stream: str) -> Push | None:
    """The stored push, or None."""
    snapshot = firestore_client().document(names.push_path(stream)).get()
    if not snapshot.exists:
        return None
    stored: dict[str, Any] = snapshot.to_dict() or {}
    known = {f.name: stored[f.name] for f in fields(Push) if f.name in stored}
    known["recent"] = tuple(known.get("recent", ()))
    known["waiting"] = tuple(Item(**item) for item in known.get("waiting", ()))
    known["assigned"] = tuple(Assigned(**entry) for entry in known.get("assigned", ()))
    return Push(**known, version=snapshot.update_time)


def save(stream: str, push: Push) -> None:
    """Replaces the version that `push` was made from; None: it is new. Raises Conflict if it has changed."""
    document = firestore_client().document(names.push_path(stream))
    stored = {f.name: getattr(push, f.name) for f in fields(Push) if f.name != "version"}
    stored["recent"] = list(push.recent)
    stored["waiting"] = [asdict(item) for item in push.waiting]
    stored["assigned"] = [asdict(entry) for entry in push.assigned]
    try:
        if push.version is None:
            document.create(stored)
        else:
            document.update(stored, firestore_client().write_option(last_update_time=push.version))
    except (AlreadyExists, FailedPrecondition, GoogleNotFound):
        raise Conflict(f"the push to stream {stream!r} went on meanwhile: send this again") from None


def refuse(stream: str, sender: str, until: datetime) -> None:
    """Refuses the requests of `sender`, which an operator stopped, until it has paused."""
    firestore_client().document(names.refusal_path(stream)).set({"sender": sender, "until": until})


def check(stream: str, sender: str, now: datetime, pause: timedelta) -> None:
    """Raises Stopped if `sender` was refused and has not paused for `pause` since."""
    document = firestore_client().document(names.refusal_path(stream))
    found: dict[str, Any] = document.get().to_dict() or {}
    if found.get("sender") == sender and found["until"] > now:
        document.set({"until": now + pause}, merge=True)
        seconds = round(pause.total_seconds())
        raise Stopped(
            f"stream {stream!r} was stopped by its operator: stop the encoder for {seconds} s, then start it again"
        )


def forget(stream: str) -> None:
    """Deletes a push that has ended."""
    firestore_client().document(names.push_path(stream)).delete()


def add_forgotten(batch: firestore.WriteBatch, stream: str) -> None:
    """`forget`, as part of a commit."""
    batch.delete(firestore_client().document(names.push_path(stream)))
