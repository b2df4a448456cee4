"""`keys/{stream}`: the keys that publish to a stream, as hashes; closed to browsers.

Two may be valid at a time: after a rotation the key before goes on for a while, so that encoders change over without a
break. Apart from the stream's document, so that rules can close it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from google.api_core.exceptions import GoogleAPICallError, RetryError

from ...cloud.clients import firestore_client
from ...domain import keys, names
from ...domain.errors import Unauthorized
from . import audit

log = logging.getLogger(__name__)

_NOTED_EVERY = timedelta(minutes=1)


def now_utc() -> datetime:
    """The time."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class KeyUse:
    """A stream's key, without it: when it was made and ends, until when the one before is good, its last use."""

    created: datetime | None
    expires: datetime | None
    previous_until: datetime | None
    last_used: datetime | None
    last_used_from: str | None


def fields(
    key: str, created: datetime, created_by: str | None = None, expires: datetime | None = None
) -> dict[str, Any]:
    """The document of a stream whose only key is `key`."""
    return {
        "hash": keys.hash_key(key),
        "previous": None,
        "previous_until": None,
        "created": created,
        "created_by": created_by,
        "expires": expires,
        "last_used": None,
        "last_used_from": None,
    }


def authenticate(stream: str, key: str | None, address: str | None = None) -> None:
    """Raises Unauthorized unless `key` is one of the stream's. A stream that does not exist reads as a wrong key.

    With the `address` of a sender the use is noted, once a minute at most.
    """
    found = _read(stream)
    now = now_utc()
    # Both are compared, whichever is right: the time it takes tells nothing.
    is_current = keys.matches(key or "", found.get("hash") or keys.hash_key(""))
    is_previous = keys.matches(key or "", found.get("previous") or keys.hash_key(""))
    if not key or not (is_current or is_previous):
        raise Unauthorized(f"the key for stream {stream!r} is missing or wrong: send it as 'Authorization: Bearer KEY'")
    ends = found.get("expires") if is_current else found.get("previous_until")
    if (ends is not None and ends <= now) or (is_previous and not is_current and ends is None):
        raise Unauthorized(f"this key for stream {stream!r} has expired: an operator makes another one")
    if address is not None and _is_news(found, now):
        _note_use(stream, address, now)


def use(stream: str) -> KeyUse:
    """What is known of a stream's key."""
    found = _read(stream)
    until = found.get("previous_until")
    return KeyUse(
        created=found.get("created"),
        expires=found.get("expires"),
        previous_until=until if until and until > now_utc() else None,
        last_used=found.get("last_used"),
        last_used_from=found.get("last_used_from"),
    )


def rotate(
    stream: str,
    key: str,
    *,
    grace: timedelta = timedelta(0),
    expires: datetime | None = None,
    created_by: str | None = None,
) -> datetime | None:
    """Gives a stream a new key, which `expires`. The key it had is good for `grace` more; returns until when."""
    found, now = _read(stream), now_utc()
    ends = min(now + grace, found.get("expires") or now + grace)
    document = fields(key, now, created_by, expires)
    if found.get("hash") and ends > now:
        document |= {"previous": found["hash"], "previous_until": ends}
    document |= {name: found.get(name) for name in ("last_used", "last_used_from")}
    audit.replace(firestore_client().document(names.key_path(stream)), document)
    return document["previous_until"]


def void(stream: str) -> None:
    """Deletes a stream's keys, so that no sender can publish any more: the beginning of the stream's deletion."""
    db = firestore_client()
    batch, document = db.batch(), db.document(names.stream_path(stream))
    batch.delete(db.document(names.key_path(stream)))
    audit.join(batch, document.path, audit.before(document))
    batch.commit()


def _read(stream: str) -> dict[str, Any]:
    return firestore_client().document(names.key_path(stream)).get().to_dict() or {}


def _is_news(found: dict[str, Any], now: datetime) -> bool:
    last: datetime | None = found.get("last_used")
    return last is None or last <= now - _NOTED_EVERY


def _note_use(stream: str, address: str, now: datetime) -> None:
    used = {"last_used": now, "last_used_from": address}
    try:
        firestore_client().document(names.key_path(stream)).update(used, retry=None, timeout=4)
    except (GoogleAPICallError, RetryError) as error:  # the sender has its key all the same; the next minute notes it
        log.warning("the use of the key of stream %r was not noted: %s", stream, error)
