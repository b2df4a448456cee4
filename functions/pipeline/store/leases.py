"""Who publishes a stream: one publisher at a time, across all instances.

`leases/{stream}` exists from the moment somebody publishes until the session's last word is written, so whoever looks
after the dead finds here every session that is still open. A holder renews its lease every RENEW_EVERY seconds and
loses it LASTS seconds after the last time. No transactions: each write names the version that it replaces.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from google.api_core.exceptions import AlreadyExists, FailedPrecondition
from google.api_core.exceptions import NotFound as GoogleNotFound

from .. import names
from ..clients import firestore_client
from ..errors import Conflict, LeaseLost, Stopped

if TYPE_CHECKING:
    from google.cloud import firestore

RENEW_EVERY = 5.0  # seconds
LASTS = 15.0  # seconds after a renewal
RESUME_SECONDS = 30.0
_ATTEMPTS = 3
_TIMEOUT = 4.0  # seconds of one write: the next renewal must not come late


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Lease:
    """The right to publish `stream` as `session`. `resumed`: the session was open already.

    `unfinished` are earlier sessions that still want their ENDLIST; `finished` strikes one out.
    """

    stream: str
    session: str
    token: str
    resumed: bool
    resume_seconds: float
    unfinished: list[str]
    _updated: Any
    _clock: Callable[[], datetime] = _now
    _writing: threading.Lock = field(default_factory=threading.Lock)  # a keeper renews while its publisher moves on

    def renew(self) -> None:
        """Keeps the lease for LASTS seconds more. Raises LeaseLost; Google's errors mean that it is not known."""
        self._update(_times(self._clock(), self.resume_seconds))

    def move(self, session: str) -> None:
        """Goes on as another session; the one before becomes unfinished. Raises LeaseLost."""
        unfinished = [*self.unfinished, self.session]
        self._update({"session": session, "unfinished": unfinished} | _times(self._clock(), self.resume_seconds))
        self.session, self.unfinished, self.resumed = session, unfinished, False

    def finished(self, session: str) -> None:
        """An unfinished session has both playlists with ENDLIST now. Raises LeaseLost."""
        unfinished = [other for other in self.unfinished if other != session]
        self._update({"unfinished": unfinished})
        self.unfinished = unfinished

    def reconnect_until(self) -> datetime:
        """Until when a session would wait that is left open now."""
        return self._clock() + timedelta(seconds=self.resume_seconds)

    def suspend(self, until: datetime, error: str | None = None) -> None:
        """Lets go of it, the session left open until then for whoever comes next. Raises LeaseLost.

        `error` is the reason that the session ends with if nobody comes.
        """
        self._update({"expires": self._clock(), "reconnect_until": until, "error": error}, last=True)

    def release(self) -> None:
        """Lets go of it, the session being finished. Raises LeaseLost."""
        now = self._clock()
        if self.unfinished:  # somebody has to look after those
            self._update({"expires": now, "reconnect_until": now}, last=True)
        else:
            self._write(lambda option: _reference(self.stream).delete(option, retry=None, timeout=_TIMEOUT), last=True)

    def _update(self, fields: dict[str, Any], *, last: bool = False) -> None:
        def update(option: Any) -> Any:
            return _reference(self.stream).update(fields, option, retry=None, timeout=_TIMEOUT).update_time

        self._write(update, last=last)

    def _write(self, write: Callable[[Any], Any], *, last: bool) -> None:
        """A write onto the version known. `last`: that an operator stopped it is no obstacle."""
        with self._writing:
            for _ in range(_ATTEMPTS):
                try:
                    self._updated = write(_at(self._updated))
                    return
                except (FailedPrecondition, GoogleNotFound):
                    self._look(last)
        raise LeaseLost(f"the lease of stream {self.stream!r} changes faster than it can be renewed")

    def _look(self, last: bool) -> None:
        """Why a write was refused. A write of ours whose answer got lost is no reason to give up."""
        snapshot = _reference(self.stream).get(timeout=_TIMEOUT)
        if not snapshot.exists:
            raise LeaseLost(f"the lease of stream {self.stream!r} is gone: it expired, or the stream was deleted")
        held = snapshot.to_dict() or {}
        if held.get("token") != self.token:
            raise LeaseLost(f"stream {self.stream!r} is published by {held.get('holder')} now")
        if held.get("stopped") and not last:
            raise Stopped(f"stream {self.stream!r} was stopped by its operator")
        self._updated = snapshot.update_time


def acquire(
    stream: str,
    holder: str,
    *,
    origin: str = "http",
    session: str | None = None,
    join: bool = False,
    resume_seconds: float = RESUME_SECONDS,
    clock: Callable[[], datetime] = _now,
) -> Lease:
    """The lease of `stream`, in the session that waits for its sender, else in a new one.

    `holder` says who it is (origin, address, instance), for whoever comes second. `session` names the one to begin or
    to go on with. `join`: the holder's own lease is no obstacle, and is renewed where that is due (a sender whose
    requests reach any instance). Raises Conflict naming who holds it, and since when.
    """
    snapshot = _reference(stream).get(timeout=_TIMEOUT)
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
    written = about | {"session": chosen, "unfinished": unfinished} | _times(now, resume_seconds)
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
    found: dict[str, Any] = _reference(stream).get(timeout=_TIMEOUT).to_dict() or {}
    known: dict[str, Any] = {f.name: found.get(f.name) for f in fields(Held)}
    return Held(**known) if found else None


def discard(stream: str) -> None:
    """Deletes a lease whose session has ended and whose holder is gone or refused."""
    _reference(stream).delete()


def revoke(stream: str) -> bool:
    """An operator's stop: the holder's next renewal fails, nobody resumes its session. False: there was no lease."""
    now = _now()
    try:
        _reference(stream).update({"stopped": now, "reconnect_until": now})
    except GoogleNotFound:
        return False
    return True


def _write(stream: str, fields: dict[str, Any], before: firestore.DocumentSnapshot[Any]) -> Any:
    reference = _reference(stream)
    try:
        if before.exists:
            return reference.update(fields, _at(before.update_time), timeout=_TIMEOUT).update_time
        return reference.create(fields, timeout=_TIMEOUT).update_time
    except (AlreadyExists, FailedPrecondition, GoogleNotFound):
        raise Conflict(f"stream {stream!r} is being published already: another sender came first") from None


def _times(now: datetime, resume_seconds: float) -> dict[str, datetime]:
    # One that dies is missed up to RENEW_EVERY later than it renewed: its sender still has the whole time.
    lost = timedelta(seconds=RENEW_EVERY + resume_seconds)
    return {"renewed": now, "expires": now + timedelta(seconds=LASTS), "reconnect_until": now + lost}


def _reference(stream: str) -> firestore.DocumentReference:
    return firestore_client().document(names.lease_path(stream))


def _at(update_time: Any) -> Any:
    return firestore_client().write_option(last_update_time=update_time)
