"""Who publishes a stream: one publisher at a time, across all instances.

`leases/{stream}` exists from the moment somebody publishes until the session's last word is written, so whoever looks
after the dead finds here every session that is still open. A holder renews its lease every RENEW_EVERY seconds and
loses it LASTS seconds after the last time. No transactions: each write names the version that it replaces.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from google.api_core.exceptions import AlreadyExists, FailedPrecondition
from google.api_core.exceptions import NotFound as GoogleNotFound

from ..domain import names
from ..domain.errors import Conflict
from .lease import LASTS, RENEW_EVERY, TIMEOUT, Lease, at_version, now_utc, reference, times

if TYPE_CHECKING:
    from google.cloud import firestore

__all__ = ["LASTS", "RENEW_EVERY", "RESUME_SECONDS", "Held", "Lease", "acquire", "discard", "held", "revoke"]

RESUME_SECONDS = 30.0


def acquire(
    stream: str,
    holder: str,
    *,
    origin: str = "http",
    session: str | None = None,
    join: bool = False,
    resume_seconds: float = RESUME_SECONDS,
    clock: Callable[[], datetime] = now_utc,
) -> Lease:
    """The lease of `stream`, in the session that waits for its sender, else in a new one.

    `holder` says who it is (origin, address, instance), for whoever comes second. `session` names the one to begin or
    to go on with. `join`: the holder's own lease is no obstacle, and is renewed where that is due (a sender whose
    requests reach any instance). Raises Conflict naming who holds it, and since when.
    """
    snapshot = reference(stream).get(timeout=TIMEOUT)
    held: dict[str, Any] = (snapshot.to_dict() or {}) if snapshot.exists else {}
    now = clock()
    joins = join and bool(held) and held["holder"] == holder and not held.get("stopped")
    if held and held["expires"] > now and not joins:
        since = held["acquired"].isoformat(timespec="seconds").replace("+00:00", "Z")
        raise Conflict(f"stream {stream!r} is being published already, by {held['holder']} since {since}")
    if joins and held["renewed"] > now - timedelta(seconds=RENEW_EVERY):
        known = (held["session"], held["token"], True, resume_seconds, held.get("unfinished", []))
        return Lease(stream, *known, snapshot.update_time, clock)
    waiting: str | None = held.get("session")  # None too where housekeeping has given it up
    # What an import began is gone on with by that import alone: it names its session.
    open_to_all = bool(held) and held["origin"] != "file" and now < held["reconnect_until"]
    goes_on = session == waiting if session else open_to_all
    resumed = waiting is not None and goes_on and not held["stopped"]
    chosen = waiting if waiting and resumed else session or names.new_session(now)
    unfinished = [*held.get("unfinished", ()), *([waiting] if waiting and not resumed else [])]
    token, since = (held["token"], held["acquired"]) if joins and resumed else (uuid.uuid4().hex, now)
    about = {"holder": holder, "origin": origin, "token": token, "acquired": since, "stopped": None, "error": None}
    written = about | {"session": chosen, "unfinished": unfinished} | times(now, resume_seconds)
    updated = _write(stream, written, snapshot)
    return Lease(stream, chosen, token, resumed, resume_seconds, unfinished, updated, clock)


@dataclass(frozen=True, slots=True)
class Held:
    """A lease as others see it. `session` is None where it was given up, `unfinished` are those without ENDLIST."""

    holder: str
    origin: str
    session: str | None
    unfinished: list[str]
    acquired: datetime
    expires: datetime


def held(stream: str) -> Held | None:
    """The lease of a stream; None where nobody publishes and no session waits."""
    found: dict[str, Any] = reference(stream).get(timeout=TIMEOUT).to_dict() or {}
    known: dict[str, Any] = {f.name: found.get(f.name) for f in fields(Held)}
    return Held(**known) if found else None


def discard(stream: str) -> None:
    """Deletes a lease whose session has ended and whose holder is gone or refused."""
    reference(stream).delete()


def revoke(stream: str) -> bool:
    """An operator's stop: the holder's next renewal fails, nobody resumes its session. False: there was no lease."""
    now = now_utc()
    try:
        reference(stream).update({"stopped": now, "reconnect_until": now})
    except GoogleNotFound:
        return False
    return True


def _write(stream: str, fields: dict[str, Any], before: firestore.DocumentSnapshot[Any]) -> Any:
    document = reference(stream)
    try:
        if before.exists:
            return document.update(fields, at_version(before.update_time), timeout=TIMEOUT).update_time
        return document.create(fields, timeout=TIMEOUT).update_time
    except (AlreadyExists, FailedPrecondition, GoogleNotFound):
        raise Conflict(f"stream {stream!r} is being published already: another sender came first") from None
