"""A session read from its durable objects: its playlist so far, and its end."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from google.api_core.exceptions import NotFound as GoogleNotFound
from google.api_core.exceptions import PreconditionFailed

from ..cloud import objects
from ..cloud.clients import media_bucket
from ..domain import names
from ..domain.errors import Conflict, Stale
from ..domain.playlist import Playlist, rebuilt

_TARGET_SECONDS = 12  # target duration of a session without a playlist that begins with a long segment
_TIMEOUT = 20  # seconds
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """A session's live playlist (`generation` 0: none), and the one of all segments stored when it was read or since.

    They are read in this order, so that a write over that generation lists every segment that it lists.
    """

    text: str | None
    generation: int
    written: datetime | None
    playlist: Playlist | None


def look(stream: str, session: str, window: float = math.inf, longest: int = _TARGET_SECONDS) -> Standing:
    """Reads a session. Raises Conflict if its live playlist is still written."""
    name = names.live_playlist(stream, session)
    for _ in range(_ATTEMPTS):
        blob = media_bucket().get_blob(name, timeout=_TIMEOUT)
        generation = int(blob.generation or 0) if blob else 0
        try:
            text = objects.read(name, generation).decode() if blob else None
        except Stale:
            continue
        playlist = rebuilt(objects.segments(stream, session), text, window=window, longest=longest)
        return Standing(text, generation, blob.updated if blob else None, playlist)
    raise Conflict(f"{name} was written meanwhile")


def standing(stream: str, session: str, window: float = math.inf, longest: int = _TARGET_SECONDS) -> Playlist | None:
    """The playlist of all stored segments of a session, with its live window; None if nothing is stored."""
    return look(stream, session, window, longest).playlist


def close(stream: str, session: str) -> dict[str, Any]:
    """Writes both playlists with ENDLIST, unless they have it. Idempotent, also at once with another `close`.

    The live one decides what the session has: a segment that is stored after its ENDLIST is in neither.
    Returns the fields for the session's document; empty if nothing is stored. Raises Conflict if one is still written.
    """
    playlist = _end_live(stream, session)
    if playlist is None:
        return {}
    _replace(names.vod_playlist(stream, session), playlist.vod())
    first, last = playlist.segments[0], playlist.segments[-1]
    return {
        "started": first.program_date_time - timedelta(milliseconds=round(first.media_time * 1000)),
        "playlist": names.live_playlist(stream, session),
        "ended": last.program_date_time + timedelta(seconds=last.duration),
        "vod": names.vod_playlist(stream, session),
        "segments": len(playlist.segments),
        "media_seconds": round(last.media_time + last.duration, 6),
    }


def _end_live(stream: str, session: str) -> Playlist | None:
    name = names.live_playlist(stream, session)
    for _ in range(_ATTEMPTS):
        seen = look(stream, session)
        if seen.playlist and not seen.playlist.ended:
            try:
                objects.write_playlist(name, seen.playlist.live(ended=True), generation=seen.generation)
            except PreconditionFailed:
                continue
        return seen.playlist
    raise Conflict(f"{name} was written meanwhile")


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
