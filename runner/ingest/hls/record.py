"""What a push tells of itself in Firestore, as every session does."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pipeline import names
from pipeline.model import StreamState
from pipeline.store import streams
from pipeline.store.pushes import Push

from .remux import Content


def progress(stream: str, push: Push, content: Content | None) -> None:
    """More is listed. `content` is what the last segment holds, if this request stored it. Raises NotFound."""
    state: dict[str, Any] = {"state": StreamState.LIVE.value, "session": push.session, "source": "hls", "error": None}
    state["last_segment_at"] = datetime.now(UTC)
    streams.record(stream, push.session, state, _known(stream, push) | (content.facts if content else {}))


def end(stream: str, push: Push, closed: dict[str, Any]) -> None:
    """The session has ended. `closed` is what its closing found. Raises NotFound (a deleted stream)."""
    state = {"state": StreamState.ENDED.value, "session": push.session, "source": "hls", "error": None}
    streams.record(stream, push.session, state, _known(stream, push) | closed)


def _known(stream: str, push: Push) -> dict[str, Any]:
    return {
        "started": push.started,
        "ended": None,
        "playlist": names.live_playlist(stream, push.session),
        "segments": push.next,
        "media_seconds": push.end,
    }
