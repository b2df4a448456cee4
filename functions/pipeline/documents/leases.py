"""Leases: one publisher of a stream at a time, across all instances.

`leases/{stream}` exists from the moment a publisher acquires it until its last session has both playlists with ENDLIST,
so maintenance finds here every session that is still open. A holder renews its lease every RENEW_EVERY seconds and
loses it LASTS seconds after the last renewal. No transactions: each write names the version that it replaces. In the
database `control`: publishers hold leases through front (pipeline.control).

    acquire ──► Lease: renew, move, … ──► release          the session is finished, the document deleted
                  │ suspend, or no renewal
                  ▼
                Lapsed: waits for its sender until `reconnect_until`, then give_up, record, forget
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from google.api_core.exceptions import AlreadyExists, FailedPrecondition
from google.api_core.exceptions import NotFound as GoogleNotFound

from ..cloud.clients import control_client, firestore_client
from ..domain import names
from ..domain.errors import Conflict, Failure, LeaseLost, NotFound, OverQuota, Stopped
from ..domain.lease import LASTS, RENEW_EVERY, RESUME_SECONDS
from ..domain.model import StreamState
from . import streams, versions
from .control import audit, quotas

if TYPE_CHECKING:
    from google.cloud import firestore

_WRITE_SECONDS = 4.0  # of one write: the next renewal must not come late
_ATTEMPTS = 3
_MAX_LAPSED = 500  # in one go; the next comes in a minute


def now_utc() -> datetime:
    """The time."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Lease:
    """The right to publish `stream` as `session`, in its holder's hands. `resumed`: the session was open already.

    `unfinished` are earlier sessions whose playlists still lack ENDLIST; `finished` removes one.
    """

    stream: str
    session: str
    token: str
    resumed: bool
    resume_seconds: float
    unfinished: list[str]
    _updated: Any
    _clock: Callable[[], datetime] = now_utc
    _writing: threading.Lock = field(default_factory=threading.Lock)  # a keeper renews while its publisher moves on

    @property
    def version(self) -> str:
        """The version of the document that the next write replaces."""
        return self._updated.rfc3339() if self._updated else ""  # it was released

    def renew(self) -> None:
        """Keeps the lease for LASTS seconds more. Raises LeaseLost; after an error of Google's its fate is unknown."""
        self._update(_times(self._clock(), self.resume_seconds))

    def move(self, session: str) -> None:
        """Moves on to another session; the one before becomes unfinished. Raises LeaseLost."""
        unfinished = [*self.unfinished, self.session]
        self._update({"session": session, "unfinished": unfinished} | _times(self._clock(), self.resume_seconds))
        self.session, self.unfinished, self.resumed = session, unfinished, False

    def finished(self, session: str) -> None:
        """Notes that an unfinished session has both playlists with ENDLIST now. Raises LeaseLost."""
        unfinished = [other for other in self.unfinished if other != session]
        self._update({"unfinished": unfinished})
        self.unfinished = unfinished

    def reconnect_until(self) -> datetime:
        """The time until which a session that is left open now would wait."""
        return self._clock() + timedelta(seconds=self.resume_seconds)

    def suspend(self, until: datetime, error: Failure | None = None) -> None:
        """Lets go of the lease and leaves the session open for the next sender, until then. Raises LeaseLost.

        `error` is the reason that the session ends with if no sender comes.
        """
        self._update({"expires": self._clock(), "reconnect_until": until, "error": error and error.fields()}, last=True)

    def rejoin(self) -> None:
        """Reads the lease again, and its session: other requests of the same sender end it and move it on.

        Renews it if that is due. Raises LeaseLost.
        """
        with self._writing:
            held = self._look(last=False)
            self.session, self.unfinished = held["session"] or self.session, held.get("unfinished", [])
        if held["renewed"] <= self._clock() - timedelta(seconds=RENEW_EVERY):
            self.renew()

    def release(self, *, push: bool = False) -> None:
        """Lets go of the lease, its session finished; `push`: and of its push, in the same commit. Raises LeaseLost."""
        now = self._clock()

        def write(option: Any) -> Any:
            batch = control_client().batch()
            if push:
                batch.delete(control_client().document(names.push_path(self.stream)))
            if self.unfinished:  # maintenance closes those
                batch.update(_reference(self.stream), {"expires": now, "reconnect_until": now}, option)
            else:
                batch.delete(_reference(self.stream), option)
            return batch.commit(retry=None, timeout=_WRITE_SECONDS)[-1].update_time

        self._write(write, last=True)

    def _update(self, fields: dict[str, Any], *, last: bool = False) -> None:
        def update(option: Any) -> Any:
            return _reference(self.stream).update(fields, option, retry=None, timeout=_WRITE_SECONDS).update_time

        self._write(update, last=last)

    def _write(self, write: Callable[[Any], Any], *, last: bool) -> None:
        """Writes onto the known version. `last`: also after an operator's stop."""
        with self._writing:
            for _ in range(_ATTEMPTS):
                try:
                    self._updated = write(_at_version(self._updated))
                    return
                except (FailedPrecondition, GoogleNotFound):
                    self._look(last)
        raise LeaseLost(f"the lease of stream {self.stream!r} changes faster than it can be renewed")

    def _look(self, last: bool) -> dict[str, Any]:
        """Reads the lease after a refused write, which may be an own one whose answer got lost: that is tried again."""
        snapshot = _reference(self.stream).get(timeout=_WRITE_SECONDS)
        if not snapshot.exists:
            raise LeaseLost(
                f"the lease of stream {self.stream!r} no longer exists: it expired, or the stream was deleted"
            )
        held = snapshot.to_dict() or {}
        if held.get("token") != self.token:
            raise LeaseLost(
                f"stream {self.stream!r} is published by {held.get('holder')} now",
                public=f"another sender publishes to stream {self.stream!r} now",
            )
        if held.get("stopped") and not last:
            if reason := Failure.read(held.get("stopped_for")):
                raise OverQuota(reason.message)
            raise Stopped(f"stream {self.stream!r} was stopped by its operator")
        self._updated = snapshot.update_time
        return held


def acquire(
    stream: str,
    holder: str,
    *,
    origin: str = "http",
    session: str | None = None,
    join: bool = False,
    resume_seconds: float = RESUME_SECONDS,
    token: str | None = None,
    clock: Callable[[], datetime] = now_utc,
) -> Lease:
    """Acquires the lease of `stream`, in the session that waits for its sender, else in a new one.

    `holder` describes the sender (origin, address, instance) to a second one. `session` names the session to begin or
    to resume. `join`: the holder's own lease is shared, and renewed if that is due (a sender whose requests reach any
    instance). `token` makes the call repeatable: who finds it in the lease holds that already. Raises Conflict, naming
    the holder and the time since when it publishes, and UsedUp where a session would begin for which a quota of the
    stream or of its tenant has no room.
    """
    snapshot = _reference(stream).get(timeout=_WRITE_SECONDS)
    held: dict[str, Any] = (snapshot.to_dict() or {}) if snapshot.exists else {}
    now = clock()
    if token and held.get("token") == token:
        known = (held["session"], token, held.get("resumed", False), resume_seconds, held.get("unfinished", []))
        return Lease(stream, *known, snapshot.update_time, clock)
    joins = join and bool(held) and held["holder"] == holder and not held.get("stopped")
    if held and held["expires"] > now and not joins:
        since = held["acquired"].isoformat(timespec="seconds").replace("+00:00", "Z")
        raise Conflict(
            f"stream {stream!r} is being published already, by {held['holder']} since {since}",
            public=f"another sender publishes to stream {stream!r}",
        )
    if joins and held["renewed"] > now - timedelta(seconds=RENEW_EVERY):
        known = (held["session"], held["token"], True, resume_seconds, held.get("unfinished", []))
        return Lease(stream, *known, snapshot.update_time, clock)
    waiting: str | None = held.get("session")  # None also after maintenance has given it up
    # Only the import itself resumes the session of an import: it names it.
    open_to_all = bool(held) and held["origin"] != "file" and now < held["reconnect_until"]
    goes_on = session == waiting if session else open_to_all
    resumed = waiting is not None and goes_on and not held["stopped"]
    chosen = waiting if waiting and resumed else session or names.new_session(now)
    if not resumed:
        _check_quota(stream, now)
    unfinished = [*held.get("unfinished", ()), *([waiting] if waiting and not resumed else [])]
    ours, since = (held["token"], held["acquired"]) if joins and resumed else (token or uuid.uuid4().hex, now)
    about = {"holder": holder, "origin": origin, "token": ours, "acquired": since, "error": None}
    about |= {"stopped": None, "stopped_for": None}
    written = about | {"session": chosen, "resumed": resumed, "unfinished": unfinished} | _times(now, resume_seconds)
    updated = _acquired(stream, written, snapshot)
    return Lease(stream, chosen, ours, resumed, resume_seconds, unfinished, updated, clock)


def in_hand(
    stream: str, session: str, token: str, resumed: bool, resume_seconds: float, unfinished: list[str], version: str
) -> Lease:
    """The lease that its holder describes. Raises BadRequest for a `version` that no document has."""
    return Lease(stream, session, token, resumed, resume_seconds, unfinished, versions.read(version))


@dataclass(frozen=True, slots=True)
class Held:
    """A lease as others see it. `session` is None once it was given up; `unfinished` are those without ENDLIST."""

    holder: str
    origin: str
    session: str | None
    unfinished: list[str]
    acquired: datetime
    expires: datetime


def held(stream: str) -> Held | None:
    """The lease of a stream; None if it has no publisher and no session that waits."""
    found: dict[str, Any] = _reference(stream).get(timeout=_WRITE_SECONDS).to_dict() or {}
    known: dict[str, Any] = {f.name: found.get(f.name) for f in fields(Held)}
    return Held(**known) if found else None


def discard(stream: str) -> None:
    """Deletes a lease whose session has ended and whose holder has vanished or is refused."""
    _reference(stream).delete()


def revoke(stream: str, reason: Failure | None = None) -> bool:
    """Stops the publisher: its next renewal fails, and no sender resumes its session. False: there was no lease.

    `reason` is the quota that is used up; without it an operator stops the publisher.
    """
    now = now_utc()
    why = reason and reason.fields()
    try:
        audit.update(_reference(stream), {"stopped": now, "stopped_for": why, "reconnect_until": now})
    except GoogleNotFound:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A lease without a holder. `session` is None once it was given up: it is among the `unfinished` then."""

    stream: str
    session: str | None
    unfinished: tuple[str, ...]
    reconnect_until: datetime
    error: Failure | None
    version: Any


def lapsed(now: datetime) -> list[Lapsed]:
    """Leases that had expired at `now`, the oldest first."""
    from google.cloud.firestore_v1.base_query import FieldFilter

    query = control_client().collection("leases").where(filter=FieldFilter("expires", "<=", now))
    return [_lapsed(snapshot) for snapshot in query.order_by("expires").limit(_MAX_LAPSED).stream()]


def give_up(lease: Lapsed) -> Lapsed:
    """Closes its session to resumption: a holder that was only slow loses it. Raises Conflict."""
    unfinished = [*lease.unfinished, *([lease.session] if lease.session else [])]
    fields = {"session": None, "unfinished": unfinished, "holder": "no sender (its lease expired)", "token": ""}
    try:
        result = _reference(lease.stream).update(fields, _at_version(lease.version))
    except (FailedPrecondition, GoogleNotFound):
        raise Conflict(f"stream {lease.stream!r} is being published again") from None
    return Lapsed(lease.stream, None, tuple(unfinished), lease.reconnect_until, lease.error, result.update_time)


def record(
    lease: Lapsed,
    session: str,
    facts: dict[str, Any],
    stream: dict[str, Any],
    states: Collection[StreamState],
) -> None:
    """Merges `facts` into a session's document and, where the stream is in one of `states`, `stream` into its own.

    A deleted stream stays deleted, and one that has a publisher again is left alone. Raises Conflict if either happens
    meanwhile.
    """
    db = firestore_client()
    document = db.document(names.stream_path(lease.stream))
    found = document.get(["state"])
    if not found.exists:
        return
    batch = db.batch()
    if stream and found.get("state") in states and _stands(lease):
        batch.update(document, stream, db.write_option(last_update_time=found.update_time))
    if facts:
        batch.set(db.document(names.session_path(lease.stream, session)), streams.kept(facts), merge=True)
    try:
        batch.commit()
    except (FailedPrecondition, GoogleNotFound):
        raise Conflict(f"stream {lease.stream!r} changed meanwhile") from None


def _stands(lease: Lapsed) -> bool:
    """True if the lease has not changed since it was read: no sender has come."""
    return _reference(lease.stream).get().update_time == lease.version


def forget(lease: Lapsed) -> None:
    """Deletes a lease whose sessions are finished. A sender that has acquired it meanwhile keeps it."""
    with suppress(FailedPrecondition, GoogleNotFound):
        _reference(lease.stream).delete(_at_version(lease.version))


def _lapsed(snapshot: Any) -> Lapsed:
    fields: dict[str, Any] = snapshot.to_dict()
    return Lapsed(
        snapshot.id,
        fields["session"],
        tuple(fields["unfinished"]),
        fields["reconnect_until"],
        Failure.read(fields["error"]),
        snapshot.update_time,
    )


def _check_quota(stream: str, now: datetime) -> None:
    """Raises UsedUp if no session may begin."""
    try:
        tenant = streams.get(stream).tenant
    except NotFound:
        return  # what the publisher writes first says so
    quotas.check_media(stream, tenant, now)


def _acquired(stream: str, fields: dict[str, Any], before: firestore.DocumentSnapshot[Any]) -> Any:
    document = _reference(stream)
    try:
        if before.exists:
            return document.update(fields, _at_version(before.update_time), timeout=_WRITE_SECONDS).update_time
        return document.create(fields, timeout=_WRITE_SECONDS).update_time
    except (AlreadyExists, FailedPrecondition, GoogleNotFound):
        raise Conflict(f"stream {stream!r} is being published already: another sender came first") from None


def _times(now: datetime, resume_seconds: float) -> dict[str, datetime]:
    """The fields of a lease that is renewed `now`."""
    # A holder that dies is missed up to RENEW_EVERY after its renewal: its sender still has the whole time.
    lost = timedelta(seconds=RENEW_EVERY + resume_seconds)
    return {"renewed": now, "expires": now + timedelta(seconds=LASTS), "reconnect_until": now + lost}


def _reference(stream: str) -> firestore.DocumentReference:
    """The lease's document."""
    return control_client().document(names.lease_path(stream))


def _at_version(update_time: Any) -> Any:
    """The option by which a write replaces this version only."""
    return control_client().write_option(last_update_time=update_time)
