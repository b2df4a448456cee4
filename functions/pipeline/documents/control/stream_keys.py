"""`keys/{stream}`: the keys that publish to a stream, as hashes; closed to browsers.

Two may be valid at a time: after a rotation the key before goes on for a while, so that encoders change over without a
break. In the database `control`, apart from the stream's document: a workload that opens what strangers send can
neither read nor replace a key.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from google.api_core.exceptions import AlreadyExists, FailedPrecondition, GoogleAPICallError, RetryError
from google.api_core.exceptions import NotFound as GoogleNotFound

from ...cloud.clients import control_client, firestore_client
from ...domain import keys, names
from ...domain.errors import Conflict, Unauthorized
from . import audit

if TYPE_CHECKING:
    from google.cloud.firestore import DocumentReference

log = logging.getLogger(__name__)

_NOTED_EVERY = timedelta(minutes=1)
_MAKING = timedelta(seconds=70)  # longer than any request of the API takes


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


def make(stream: str, key: str, created: datetime) -> Any:
    """Writes the only key of a stream that is about to be made; returns its version. Raises Conflict.

    It comes before the stream, so that no stream stands without one. If the request breaks off in between, the key
    opens nothing; it gives way to the next one once that request must be over.
    """
    document, written = _document(stream), fields(key, created) | {"made": now_utc()}
    taken = Conflict(f"stream {stream!r} is being made by another request: try again in a minute")
    try:
        return document.create(written).update_time
    except AlreadyExists:
        found = document.get()
    if found.exists and ((found.to_dict() or {}).get("made") or now_utc()) > now_utc() - _MAKING:
        raise taken
    try:
        return document.update(written, control_client().write_option(last_update_time=found.update_time)).update_time
    except (FailedPrecondition, GoogleNotFound):
        raise taken from None


def unmake(stream: str, version: Any) -> None:
    """Deletes the key of a stream that was not made after all, unless another one has taken its place."""
    with suppress(FailedPrecondition, GoogleNotFound):
        _document(stream).delete(control_client().write_option(last_update_time=version))


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
    audit.replace(_document(stream), document)
    return document["previous_until"]


def void(stream: str) -> None:
    """Deletes a stream's keys, so that no sender can publish any more: the beginning of the stream's deletion."""
    client = control_client()
    batch, document = client.batch(), firestore_client().document(names.stream_path(stream))
    batch.delete(_document(stream))
    audit.commit(batch, document.path, audit.before(document), client=client)


def _document(stream: str) -> DocumentReference:
    return control_client().document(names.key_path(stream))


def _read(stream: str) -> dict[str, Any]:
    return _document(stream).get().to_dict() or {}


def _is_news(found: dict[str, Any], now: datetime) -> bool:
    last: datetime | None = found.get("last_used")
    return last is None or last <= now - _NOTED_EVERY


def _note_use(stream: str, address: str, now: datetime) -> None:
    used = {"last_used": now, "last_used_from": address}
    try:
        _document(stream).update(used, retry=None, timeout=4)
    except (GoogleAPICallError, RetryError) as error:  # the sender has its key all the same; the next minute notes it
        log.warning("the use of the key of stream %r was not noted: %s", stream, error)
