"""`streams/{s}/sessions/{session}/corrections/{correction}`: what people say of appearances; closed to browsers.

They expire with their session. A report reads all of a session's, so that their number is bounded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from google.cloud.firestore import FieldFilter

from ...cloud.clients import firestore_client
from ...domain import names
from ...domain.errors import BadRequest, NotFound
from ...domain.model import Kind
from ...reports.corrections import Action, Correction
from ...reports.model import Rect
from .. import retention
from ..control import audit

MOST = 1000
"""The most corrections of a session."""


def of_session(stream: str, session: str, kind: Kind | None = None) -> list[Correction]:
    """The corrections of a session, of one kind or of all, the earliest first."""
    query: Any = _collection(stream, session)
    if kind is not None:
        query = query.where(filter=FieldFilter("kind", "==", kind.value))
    found = [_correction(str(one.id), one.to_dict() or {}) for one in query.limit(MOST).stream()]
    return sorted(found, key=lambda one: (one.at.timestamp() if one.at else 0.0, one.id))


def write(stream: str, session: str, given: Correction, tenant: str, expires: datetime | None) -> Correction:
    """Writes what a person says; of one appearance, or one label, the last word counts. Raises BadRequest for one too
    many."""
    one = replace(given, id=_id(given))
    document = _collection(stream, session).document(one.id)
    if int(_collection(stream, session).limit(MOST).count().get()[0][0].value) >= MOST and not document.get().exists:
        raise BadRequest(f"this session has {MOST} corrections, and no more are taken: delete one first")
    fields = asdict(one) | {
        "action": one.action.value,
        "rect": asdict(one.rect) if one.rect else None,
        "tenant": tenant,
        "expires": expires or retention.of_session(),
    }
    del fields["id"]
    audit.replace(document, fields)
    return one


def delete(stream: str, session: str, correction: str) -> None:
    """Takes a correction back. Raises NotFound."""
    document = _collection(stream, session).document(correction)
    if not document.get().exists:
        raise NotFound(f"session {session!r} has no correction {correction!r}")
    audit.delete(document)


def _id(one: Correction) -> str:
    """The same for all that is said of one appearance, of all of one label, or of one drawing."""
    if one.action is Action.DRAW:
        said = f"{one.kind}\n{one.label}\n{one.start}\n{one.end}\n{one.rect}"
    else:
        said = f"{one.kind}\n{one.was}" if one.every else f"{one.kind}\n\n{one.appearance}"
    return hashlib.sha256(said.encode()).hexdigest()[:24]


def _collection(stream: str, session: str) -> Any:
    return firestore_client().collection(f"{names.session_path(stream, session)}/corrections")


def _correction(id: str, fields: Mapping[str, Any]) -> Correction:
    return Correction(
        id=id,
        kind=fields["kind"],
        action=Action(fields["action"]),
        appearance=fields["appearance"],
        was=fields["was"],
        label=fields["label"],
        every=fields["every"],
        start=fields["start"],
        end=fields["end"],
        rect=Rect(**fields["rect"]) if fields["rect"] else None,
        by=fields["by"],
        at=fields["at"],
    )
