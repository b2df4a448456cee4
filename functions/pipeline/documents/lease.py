"""A lease in its holder's hands. See leases.py."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from google.api_core.exceptions import FailedPrecondition
from google.api_core.exceptions import NotFound as GoogleNotFound

from ..cloud.clients import firestore_client
from ..domain import names
from ..domain.errors import LeaseLost, Stopped

if TYPE_CHECKING:
    from google.cloud import firestore
    from google.cloud.firestore import WriteBatch

RENEW_EVERY = 5.0  # seconds
LASTS = 15.0  # seconds after a renewal
TIMEOUT = 4.0  # seconds of one write: the next renewal must not come late
_ATTEMPTS = 3


def now_utc() -> datetime:
    """The time."""
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
    _clock: Callable[[], datetime] = now_utc
    _writing: threading.Lock = field(default_factory=threading.Lock)  # a keeper renews while its publisher moves on

    def renew(self) -> None:
        """Keeps the lease for LASTS seconds more. Raises LeaseLost; Google's errors mean that it is not known."""
        self._update(times(self._clock(), self.resume_seconds))

    def move(self, session: str) -> None:
        """Goes on as another session; the one before becomes unfinished. Raises LeaseLost."""
        unfinished = [*self.unfinished, self.session]
        self._update({"session": session, "unfinished": unfinished} | times(self._clock(), self.resume_seconds))
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

    def rejoin(self) -> None:
        """Looks whether it still stands, and as which session: a sender's other requests end it and move it on.

        Renews it where that is due. Raises LeaseLost.
        """
        with self._writing:
            held = self._look(last=False)
            self.session, self.unfinished = held["session"] or self.session, held.get("unfinished", [])
        if held["renewed"] <= self._clock() - timedelta(seconds=RENEW_EVERY):
            self.renew()

    def release(self, also: Callable[[WriteBatch], None] | None = None) -> None:
        """Lets go of it, the session being finished; `also` adds writes to the same commit. Raises LeaseLost."""
        now = self._clock()

        def write(option: Any) -> Any:
            batch = firestore_client().batch()
            if also:
                also(batch)
            if self.unfinished:  # somebody has to look after those
                batch.update(reference(self.stream), {"expires": now, "reconnect_until": now}, option)
            else:
                batch.delete(reference(self.stream), option)
            return batch.commit(retry=None, timeout=TIMEOUT)[-1].update_time

        self._write(write, last=True)

    def _update(self, fields: dict[str, Any], *, last: bool = False) -> None:
        def update(option: Any) -> Any:
            return reference(self.stream).update(fields, option, retry=None, timeout=TIMEOUT).update_time

        self._write(update, last=last)

    def _write(self, write: Callable[[Any], Any], *, last: bool) -> None:
        """A write onto the version known. `last`: that an operator stopped it is no obstacle."""
        with self._writing:
            for _ in range(_ATTEMPTS):
                try:
                    self._updated = write(at_version(self._updated))
                    return
                except (FailedPrecondition, GoogleNotFound):
                    self._look(last)
        raise LeaseLost(f"the lease of stream {self.stream!r} changes faster than it can be renewed")

    def _look(self, last: bool) -> dict[str, Any]:
        """What stands: why a write was refused. One of ours whose answer got lost is no reason to give up."""
        snapshot = reference(self.stream).get(timeout=TIMEOUT)
        if not snapshot.exists:
            raise LeaseLost(f"the lease of stream {self.stream!r} is gone: it expired, or the stream was deleted")
        held = snapshot.to_dict() or {}
        if held.get("token") != self.token:
            raise LeaseLost(f"stream {self.stream!r} is published by {held.get('holder')} now")
        if held.get("stopped") and not last:
            raise Stopped(f"stream {self.stream!r} was stopped by its operator")
        self._updated = snapshot.update_time
        return held


def times(now: datetime, resume_seconds: float) -> dict[str, datetime]:
    """The fields of a lease that is renewed `now`."""
    # One that dies is missed up to RENEW_EVERY later than it renewed: its sender still has the whole time.
    lost = timedelta(seconds=RENEW_EVERY + resume_seconds)
    return {"renewed": now, "expires": now + timedelta(seconds=LASTS), "reconnect_until": now + lost}


def reference(stream: str) -> firestore.DocumentReference:
    """The lease's document."""
    return firestore_client().document(names.lease_path(stream))


def at_version(update_time: Any) -> Any:
    """That a write replaces this version, and no other."""
    return firestore_client().write_option(last_update_time=update_time)
