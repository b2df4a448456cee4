"""Records a push in Firestore, like every session."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pipeline.control import push as pushes
from pipeline.control.lease import Lease
from pipeline.documents import streams
from pipeline.domain import names
from pipeline.domain.model import StreamState
from pipeline.domain.push import Push

from .remux import Content


def progress(stream: str, push: Push, content: Content | None) -> None:
    """Records that more is listed. `content`: the last segment's, if this request stored it.

    Raises NotFound, and LeaseLost if another request of the sender has ended the session meanwhile.
    """
    state: dict[str, Any] = {"state": StreamState.LIVE.value, "session": push.session, "source": "hls", "error": None}
    state["last_segment_at"] = datetime.now(UTC)
    facts = _known(stream, push) | (content.facts if content else {})
    streams.record_while(lambda: pushes.check_going_on(stream, push.session), stream, push.session, state, facts)


def end(lease: Lease, push: Push, closed: dict[str, Any]) -> None:
    """Ends the session, then the push and the lease in one commit. `closed`: the fields from closing the session.

    The push has been saved as ended before, by which other requests of the sender record no more. A crash in between
    leaves the lease, with which a repeated request ends it again, or `housekeep` does. Raises LeaseLost.
    """
    state = {"state": StreamState.ENDED.value, "session": push.session, "source": "hls", "error": None}
    streams.record(lease.stream, push.session, state, _known(lease.stream, push) | closed)
    lease.release(push=True)


def _known(stream: str, push: Push) -> dict[str, Any]:
    return {
        "started": push.started,
        "ended": None,
        "playlist": names.live_playlist(stream, push.session),
        "segments": push.next,
        "media_seconds": push.end,
    }
