"""Records a push in Firestore, like every session."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from google.cloud import firestore

from pipeline.documents import pushes, streams
from pipeline.documents.leases import Lease
from pipeline.documents.pushes import Push
from pipeline.domain import names
from pipeline.domain.model import StreamState

from .remux import Content


def progress(stream: str, push: Push, content: Content | None) -> None:
    """Records that more is listed. `content`: the last segment's, if this request stored it.

    Raises NotFound, and LeaseLost if another request of the sender has ended the session meanwhile.
    """
    state: dict[str, Any] = {"state": StreamState.LIVE.value, "session": push.session, "source": "hls", "error": None}
    state["last_segment_at"] = datetime.now(UTC)
    facts = _known(stream, push) | (content.facts if content else {})
    streams.record(stream, push.session, state, facts, held={"segments": push.next})


def end(lease: Lease, push: Push, closed: dict[str, Any]) -> None:
    """Ends the session, the push and the lease in one commit, so that no other request of the sender finds only some of
    them. `closed`: the fields from closing the session. Raises LeaseLost."""
    state = {"state": StreamState.ENDED.value, "session": push.session, "source": "hls", "error": None}

    def ended(batch: firestore.WriteBatch) -> None:
        streams.add_record(batch, lease.stream, push.session, state, _known(lease.stream, push) | closed)
        pushes.add_forgotten(batch, lease.stream)

    lease.release(ended)


def _known(stream: str, push: Push) -> dict[str, Any]:
    return {
        "started": push.started,
        "ended": None,
        "playlist": names.live_playlist(stream, push.session),
        "segments": push.next,
        "media_seconds": push.end,
    }
