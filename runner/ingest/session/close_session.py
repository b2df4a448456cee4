"""Closes a sender's session: ends it, or lets it wait for the sender to come back; then releases the lease."""

from __future__ import annotations

import logging
from collections.abc import Callable

from pipeline.control.lease import Lease
from pipeline.domain.errors import (
    Code,
    Failure,
    LeaseLost,
    MediaAnalyzerError,
    NotFound,
    OverQuota,
    Stopped,
    Unavailable,
    UnsupportedMedia,
)
from pipeline.domain.model import StreamState

from .lease_keeper import LeaseKeeper
from .session import Session

log = logging.getLogger(__name__)


def leave(session: Session, lease: Lease, keeper: LeaseKeeper, broken: bool, failure: BaseException | None) -> None:
    """Ends the session or leaves it waiting, releases the lease, and raises the error that the sender should read."""
    failure = keeper.lost or failure
    waits = _may_come_back(failure, broken=broken)
    try:
        session.close(ended=not waits)
    except MediaAnalyzerError as error:
        failure, waits = error, isinstance(error, Unavailable)
    if session.deleted:
        failure = NotFound(f"stream {lease.stream!r} was deleted while it was being published")
    if isinstance(failure, NotFound) or (isinstance(failure, LeaseLost) and not isinstance(failure, Stopped)):
        # Another publisher holds the lease now, or the stream was deleted: this one writes nothing more.
        session.drop()
        _release(lease, keeper, lambda: lease.suspend(lease.reconnect_until()))
    elif waits and session.has_segments:
        _suspend(session, lease, keeper, failure)
    else:
        _end(session, lease, keeper, failure)
    if failure and not (waits and isinstance(failure, UnsupportedMedia)):
        raise failure


def _end(session: Session, lease: Lease, keeper: LeaseKeeper, failure: BaseException | None) -> None:
    state, reason = StreamState.ERROR, Failure(Code.INTERNAL, "the ingest service failed; its log says why")
    if failure is None or (isinstance(failure, Stopped) and not isinstance(failure, OverQuota)):
        state, reason = StreamState.ENDED, None
    elif isinstance(failure, MediaAnalyzerError):
        reason = Failure.of(failure)
    error = reason and reason.fields()
    session.say({"state": state.value, "error": error, "reconnect_until": None}, ended=True, error=error)
    _release(lease, keeper, lease.release)


def _suspend(session: Session, lease: Lease, keeper: LeaseKeeper, failure: BaseException | None) -> None:
    until = lease.reconnect_until()
    reason = Failure.of(failure) if isinstance(failure, Unavailable) else None
    error = reason and reason.fields()
    session.say({"state": StreamState.RECONNECTING.value, "reconnect_until": until, "error": error})
    _release(lease, keeper, lambda: lease.suspend(until, reason))


def _release(lease: Lease, keeper: LeaseKeeper, step: Callable[[], None]) -> None:
    keeper.end()
    try:
        step()
    except (LeaseLost, Unavailable) as error:  # it expires by itself
        labels = {"stream": lease.stream, "session": lease.session}
        log.warning("the lease could not be released: %s", error, extra={"labels": labels})


def _may_come_back(failure: BaseException | None, *, broken: bool) -> bool:
    """Whether the session waits: the sender broke off, or its segments could not be stored for a while."""
    if isinstance(failure, Unavailable):
        return True
    return broken and (failure is None or isinstance(failure, UnsupportedMedia))
