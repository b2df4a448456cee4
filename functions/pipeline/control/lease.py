"""A stream's key and lease, as the publisher of the stream sees them. `documents.leases` says what a lease is."""

from __future__ import annotations

import threading
import uuid
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from ..domain.errors import Failure
from ..domain.lease import RESUME_SECONDS
from .client import START_SECONDS, call

_WRITE_SECONDS = 4.0  # of one write: the next renewal must not come late


def authenticate(stream: str, key: str | None, address: str) -> None:
    """Raises Unauthorized unless `key` is one of the stream's; `address` is where it came from. Raises Unavailable."""
    call("POST", f"/streams/{stream}/key", {"key": key, "address": address})


@dataclass(frozen=True, slots=True)
class LeaseState:
    """A lease in its holder's hands, as it goes over the wire. `version` is the document's that it was read from."""

    stream: str
    session: str
    token: str
    resumed: bool
    resume_seconds: float
    unfinished: list[str]
    version: str


@dataclass(slots=True)
class Lease:
    """The right to publish `stream` as `session`, in its holder's hands. `resumed`: the session was open already.

    `unfinished` are earlier sessions whose playlists still lack ENDLIST; `finished` removes one. Every method raises
    LeaseLost once another sender has the stream, Stopped after an operator's stop (those that let go of it do not), and
    Unavailable if front does not answer: then the lease's fate is unknown.
    """

    state: LeaseState
    _calling: threading.Lock = field(default_factory=threading.Lock)  # a keeper renews while its publisher moves on

    @property
    def stream(self) -> str:
        """The stream's id."""
        return self.state.stream

    @property
    def session(self) -> str:
        """The session that is published."""
        return self.state.session

    @property
    def resumed(self) -> bool:
        """Whether the session was open already."""
        return self.state.resumed

    @property
    def unfinished(self) -> list[str]:
        """The earlier sessions that are still open."""
        return self.state.unfinished

    def renew(self) -> None:
        """Keeps the lease."""
        self._do("renew")

    def move(self, session: str) -> None:
        """Moves on to another session; the one before becomes unfinished."""
        self._do("move", session=session)

    def finished(self, session: str) -> None:
        """Notes that an unfinished session has both playlists with ENDLIST now."""
        self._do("finished", session=session)

    def reconnect_until(self) -> datetime:
        """The time until which a session that is left open now would wait."""
        return datetime.now(UTC) + timedelta(seconds=self.state.resume_seconds)

    def suspend(self, until: datetime, error: Failure | None = None) -> None:
        """Lets go of the lease and leaves the session open for the next sender, until then.

        `error` is the reason that the session ends with if no sender comes.
        """
        self._do("suspend", until=until.isoformat(), error=error and error.fields())

    def rejoin(self) -> None:
        """Reads the lease again, and its session: other requests of the same sender end it and move it on.

        Renews it if that is due.
        """
        self._do("rejoin")

    def release(self, *, push: bool = False) -> None:
        """Lets go of the lease, its session finished; `push`: and of its push."""
        self._do("release", push=push)

    def _do(self, operation: str, **arguments: Any) -> None:
        with self._calling:
            body = {"lease": asdict(self.state), "arguments": arguments}
            found = call("POST", f"/streams/{self.stream}/lease/{operation}", body, seconds=_WRITE_SECONDS)
            self.state = LeaseState(**found)


def acquire(
    stream: str,
    holder: str,
    *,
    origin: str = "http",
    session: str | None = None,
    join: bool = False,
    resume_seconds: float = RESUME_SECONDS,
    seconds: float = START_SECONDS,
) -> Lease:
    """Acquires the lease of `stream`: `documents.leases.acquire` says what the arguments mean. Raises Conflict.

    With `join` it raises Stopped for a sender that an operator stopped and that has not paused since.
    """
    body = {
        "holder": holder,
        "origin": origin,
        "session": session,
        "join": join,
        "resume_seconds": resume_seconds,
        "token": uuid.uuid4().hex,  # a call whose answer was lost is repeated, and finds its own lease
    }
    return Lease(LeaseState(**call("POST", f"/streams/{stream}/lease", body, seconds=seconds)))


def is_held(stream: str) -> bool:
    """Whether the stream has a publisher, or a session that waits."""
    return bool(call("GET", f"/streams/{stream}/lease")["held"])
