"""How far the final transcripts of sessions have come: a document for each session whose sound is kept.

`transcribe` makes it with the first sound of a session; maintenance changes it, and deletes it at the end. Closed to
browsers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from google.api_core.exceptions import AlreadyExists, FailedPrecondition, NotFound
from google.cloud.firestore import FieldFilter

from ...cloud.clients import firestore_client
from ...domain import names
from ...domain.settings import own_tenant

KEPT = timedelta(days=2)
"""How long sound waits for the end of its session, for money, or for Speech-to-Text: the bucket deletes it then."""
_COLLECTION = "transcriptions"
_KNOWN = 4096  # sessions that a process remembers to have begun
_MOST = 100  # in one go; the next come in a minute


@dataclass(frozen=True, slots=True)
class Part:
    """A recording joined from the segments `first` to `last`. `operation` hears it; "" before it is asked to.

    `failures`: attempts that failed. `done`: its words are written, or it is given up.
    """

    first: int
    last: int
    seconds: float
    operation: str = ""
    failures: int = 0
    done: bool = False


@dataclass(frozen=True, slots=True)
class Transcription:
    """The final transcript of a session, whose `parts` follow each other. `updated`: the version that was read."""

    stream: str
    session: str
    tenant: str
    updated: Any
    parts: tuple[Part, ...] = ()


@lru_cache(_KNOWN)
def begin(stream: str, session: str, tenant: str) -> None:
    """Notes that sound of the session is kept. Idempotent."""
    now = datetime.now(UTC)
    fields = {
        "stream": stream,
        "session": session,
        "tenant": tenant or own_tenant(),
        "due": now,
        "parts": [],
        "expires": now + KEPT,
    }
    try:
        firestore_client().document(names.transcription_path(stream, session)).create(fields)
    except AlreadyExists:
        return


def due(now: datetime) -> Iterator[Transcription]:
    """Those that are to be looked at now, longest due first."""
    query = firestore_client().collection(_COLLECTION).where(filter=FieldFilter("due", "<=", now))
    for snapshot in query.order_by("due").limit(_MOST).get():
        fields: dict[str, Any] = snapshot.to_dict() or {}
        yield Transcription(
            stream=fields["stream"],
            session=fields["session"],
            tenant=fields["tenant"],
            updated=snapshot.update_time,
            parts=tuple(Part(**part) for part in fields["parts"]),
        )


def claim(one: Transcription, until: datetime) -> bool:
    """Takes it on until then. False if another run of maintenance has it."""
    option = firestore_client().write_option(last_update_time=one.updated)
    try:
        _document(one).update({"due": until, "expires": until + KEPT}, option)
    except (FailedPrecondition, NotFound):
        return False
    return True


def postpone(one: Transcription, until: datetime) -> None:
    """Looks at it again later."""
    _document(one).update({"due": until, "expires": until + KEPT})


def change(one: Transcription, parts: Sequence[Part], due: datetime) -> None:
    """Keeps what has become of its parts."""
    fields = [
        {
            "first": part.first,
            "last": part.last,
            "seconds": part.seconds,
            "operation": part.operation,
            "failures": part.failures,
            "done": part.done,
        }
        for part in parts
    ]
    _document(one).update({"parts": fields, "due": due, "expires": due + KEPT})


def delete_all(stream: str) -> None:
    """Deletes those of a stream, whose sound goes too. Idempotent."""
    known = firestore_client().collection(_COLLECTION)
    first, last = known.document(f"{stream}."), known.document(f"{stream}.\uf8ff")
    for snapshot in known.order_by("__name__").start_at([first]).end_at([last]).select([]).stream():
        snapshot.reference.delete()


def end(one: Transcription) -> None:
    """Deletes it. Idempotent."""
    _document(one).delete()


def _document(one: Transcription) -> Any:
    return firestore_client().document(names.transcription_path(one.stream, one.session))
