"""`pushes/{stream}`: the progress of an HLS push, so that any instance goes on from where another stopped.

One document per stream, written whole under the version that it replaces: of two requests that decide at once, one
wins and the other reads it again.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any

from google.api_core.exceptions import AlreadyExists, FailedPrecondition
from google.api_core.exceptions import NotFound as GoogleNotFound

from ..cloud.clients import control_client
from ..domain import names
from ..domain.errors import Conflict, LeaseLost, Stopped
from ..domain.push import Assigned, Item, Push


def load(stream: str) -> Push | None:
    """The stored push, or None."""
    snapshot = control_client().document(names.push_path(stream)).get()
    if not snapshot.exists:
        return None
    stored: dict[str, Any] = snapshot.to_dict() or {}
    known = {f.name: stored[f.name] for f in fields(Push) if f.name in stored}
    known["recent"] = tuple(known.get("recent", ()))
    known["waiting"] = tuple(Item(**item) for item in known.get("waiting", ()))
    known["assigned"] = tuple(Assigned(**entry) for entry in known.get("assigned", ()))
    return Push(**known, version=snapshot.update_time)


def save(stream: str, push: Push) -> None:
    """Replaces the version that `push` was made from; None: it is new. Raises Conflict if it has changed."""
    document = control_client().document(names.push_path(stream))
    stored = {f.name: getattr(push, f.name) for f in fields(Push) if f.name != "version"}
    stored["recent"] = list(push.recent)
    stored["waiting"] = [asdict(item) for item in push.waiting]
    stored["assigned"] = [asdict(entry) for entry in push.assigned]
    try:
        if push.version is None:
            document.create(stored)
        else:
            document.update(stored, control_client().write_option(last_update_time=push.version))
    except (AlreadyExists, FailedPrecondition, GoogleNotFound):
        raise Conflict(f"the push to stream {stream!r} went on meanwhile: send this again") from None


def refuse(stream: str, sender: str, until: datetime) -> None:
    """Refuses the requests of `sender`, which an operator stopped, until it has paused."""
    control_client().document(names.refusal_path(stream)).set({"sender": sender, "until": until})


def check(stream: str, sender: str, now: datetime, pause: timedelta) -> None:
    """Raises Stopped if `sender` was refused and has not paused for `pause` since."""
    document = control_client().document(names.refusal_path(stream))
    found: dict[str, Any] = document.get().to_dict() or {}
    if found.get("sender") == sender and found["until"] > now:
        document.set({"until": now + pause}, merge=True)
        seconds = round(pause.total_seconds())
        raise Stopped(
            f"stream {stream!r} was stopped by its operator: stop the encoder for {seconds} s, then start it again"
        )


def check_going_on(stream: str, session: str) -> None:
    """Raises LeaseLost once the push has ended, or its lease is gone, and Conflict if it is in another session now.

    The first step of every end shows here: a push is saved as ended, or a lease as stopped, before the stream's
    document says so.
    """
    push, lease = load(stream), control_client().document(names.lease_path(stream)).get()
    if push is None or (push.ended and not push.waiting) or not lease.exists or (lease.to_dict() or {}).get("stopped"):
        raise LeaseLost(f"the session of stream {stream!r} has ended meanwhile")
    if push.session != session:
        raise Conflict(f"the push to stream {stream!r} went on in another session: send this again")


def forget(stream: str) -> None:
    """Deletes a push that has ended."""
    control_client().document(names.push_path(stream)).delete()
