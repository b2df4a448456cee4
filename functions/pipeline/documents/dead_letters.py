"""`dead_letters/{letter}`: messages that a function refused, and those among them that Pub/Sub has given up.

The latter have `died_at`, from when Pub/Sub gives up until an operator sends the letter again. Firestore deletes each
document at its `expires` (time to live).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ..cloud.clients import firestore_client
from ..domain import names
from ..domain.errors import NotFound
from .control import audit

_REFUSED = timedelta(days=1)  # for which a refusal is remembered: a message is tried for less
_DEAD = timedelta(days=30)
_TIMEOUT = 3.0  # seconds: a refusal does not wait long for its note


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that Pub/Sub has given up. `data` in base64; `error` and `reason` are None if its handler gave none: it
    crashed, or took too long. `attempts` counts deliveries since it was sent (again)."""

    id: str
    topic: str
    object: str
    attributes: Mapping[str, str]
    data: str
    error: str | None
    reason: str | None
    attempts: int | None
    died_at: datetime
    retries: int
    retried_at: datetime | None


def note_refusal(letter: str, object: str, error: str, reason: str) -> None:
    """Merges the reason of a refusal, and counts it. Each delivery is one."""
    from google.cloud.firestore import Increment

    now = datetime.now(UTC)
    fields = {"object": object, "error": error, "reason": reason, "refused_at": now, "expires": now + _REFUSED}
    firestore_client().document(names.letter_path(letter)).set(
        {**fields, "refusals": Increment(1)}, merge=True, retry=None, timeout=_TIMEOUT
    )


def bury(
    letter: str, *, topic: str, object: str, attributes: Mapping[str, str], data: str, deliveries: int | None
) -> None:
    """Merges the message itself, which Pub/Sub has given up."""
    now = datetime.now(UTC)
    fields = {"topic": topic, "object": object, "data": data, "deliveries": deliveries, "died_at": now}
    # Paths, not True: attributes are replaced as a whole.
    merge: Any = [*fields, "attributes", "expires"]
    firestore_client().document(names.letter_path(letter)).set(
        {**fields, "attributes": dict(attributes), "expires": now + _DEAD}, merge=merge
    )


def newest(limit: int) -> list[Letter]:
    """Up to `limit` letters, the newest first."""
    letters = firestore_client().collection("dead_letters").order_by("died_at", direction="DESCENDING")
    return [_letter(str(one.id), one.to_dict() or {}) for one in letters.limit(limit).stream()]


def matching(topic: str | None, error: str | None, most: int) -> list[str]:
    """Ids of the letters of a topic (its last part) and with an error of that name, the oldest first; reads `most`
    letters, whether they match or not."""
    letters = firestore_client().collection("dead_letters").order_by("died_at").select(["topic", "error"]).limit(most)
    return [
        str(one.id)
        for one in letters.stream()
        if (topic is None or str(one.get("topic")).rpartition("/")[2] == topic)
        and (error is None or (one.to_dict() or {}).get("error") == error)
    ]


def get(letter: str) -> Letter:
    """A letter. Raises NotFound."""
    snapshot = firestore_client().document(names.letter_path(letter)).get()
    fields: dict[str, Any] = snapshot.to_dict() or {}
    if "died_at" not in fields:
        raise NotFound(f"dead letter {letter!r} does not exist: it was sent again or discarded meanwhile")
    return _letter(letter, fields)


def sent_again(letter: str) -> None:
    """Notes that a letter is on its way: it is no dead letter until Pub/Sub gives it up again."""
    from google.cloud.firestore import DELETE_FIELD, Increment

    now = datetime.now(UTC)
    firestore_client().document(names.letter_path(letter)).set(
        {
            **dict.fromkeys(("died_at", "refusals", "error", "reason"), DELETE_FIELD),
            "retries": Increment(1),
            "retried_at": now,
            "expires": now + _REFUSED,
        },
        merge=True,
    )


def discard(letter: str) -> None:
    """Deletes a letter."""
    audit.delete(firestore_client().document(names.letter_path(letter)))


def _letter(id: str, fields: Mapping[str, Any]) -> Letter:
    counted = [count for name in ("deliveries", "refusals") if (count := fields.get(name)) is not None]
    return Letter(
        id=id,
        topic=fields["topic"],
        object=fields["object"],
        attributes=fields["attributes"],
        data=fields["data"],
        error=fields.get("error"),
        reason=fields.get("reason"),
        attempts=max(counted, default=None),
        died_at=fields["died_at"],
        retries=fields.get("retries", 0),
        retried_at=fields.get("retried_at"),
    )
