"""A session read from its durable objects: its playlist so far, and its end."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

from google.api_core.exceptions import NotFound as GoogleNotFound
from google.api_core.exceptions import PreconditionFailed

from ..cloud import objects
from ..cloud.clients import media_bucket
from ..domain import names
from ..domain.errors import Conflict
from ..domain.playlist import Playlist, rebuilt

_TARGET_SECONDS = 12  # target duration of a session without a playlist that begins with a long segment
_TIMEOUT = 20  # seconds
_ATTEMPTS = 3


def standing(stream: str, session: str, window: float = math.inf, longest: int = _TARGET_SECONDS) -> Playlist | None:
    """The playlist of all stored segments of a session, with its live window; None if nothing is stored."""
    text = _text(names.live_playlist(stream, session))
    return rebuilt(objects.segments(stream, session), text, window=window, longest=longest)


def close(stream: str, session: str) -> dict[str, Any]:
    """Writes both playlists with ENDLIST, unless they have it. Idempotent, also at once with another `close`.

    Returns the fields for the session's document; empty if nothing is stored. Raises Conflict if one is still written.
    """
    playlist = standing(stream, session)
    if playlist is None:
        return {}
    for name, text in (
        (names.vod_playlist(stream, session), playlist.vod()),
        (names.live_playlist(stream, session), playlist.live(ended=True)),
    ):
        _replace(name, text)
    first, last = playlist.segments[0], playlist.segments[-1]
    return {
        "started": first.program_date_time - timedelta(milliseconds=round(first.media_time * 1000)),
        "playlist": names.live_playlist(stream, session),
        "ended": last.program_date_time + timedelta(seconds=last.duration),
        "vod": names.vod_playlist(stream, session),
        "segments": len(playlist.segments),
        "media_seconds": round(last.media_time + last.duration, 6),
    }


def _replace(name: str, text: str) -> None:
    """Writes a playlist that is not written yet; of several writers at once, one does."""
    for _ in range(_ATTEMPTS):
        blob = media_bucket().get_blob(name, timeout=_TIMEOUT)
        generation = int(blob.generation or 0) if blob else 0
        try:
            if blob and blob.download_as_text(if_generation_match=generation, timeout=_TIMEOUT) == text:
                return None
            return objects.write_playlist(name, text, generation=generation)
        except (PreconditionFailed, GoogleNotFound):
            continue
    raise Conflict(f"{name} was written meanwhile")


def _text(name: str) -> str | None:
    try:
        return media_bucket().blob(name).download_as_text(timeout=_TIMEOUT)
    except GoogleNotFound:
        return None
