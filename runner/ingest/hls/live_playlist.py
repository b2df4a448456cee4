"""The session's live playlist. Two requests may write it at once: the older write fails, and each one after ENDLIST."""

from __future__ import annotations

import hashlib
import math
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime

from google.api_core.exceptions import GoogleAPICallError, PreconditionFailed, RetryError
from google.cloud.storage.retry import DEFAULT_RETRY
from requests import RequestException

from pipeline.cloud import objects
from pipeline.cloud.clients import media_bucket
from pipeline.domain import names
from pipeline.domain.errors import Conflict, Stale, Unavailable
from pipeline.domain.model import Segment
from pipeline.domain.playlist import Playlist
from pipeline.domain.push import Push

from ..settings import Ingest

_TIMEOUT_SECONDS = 10  # of one attempt
_RETRY = DEFAULT_RETRY.with_delay(initial=0.25, maximum=2.0, multiplier=2.0).with_timeout(20.0)


@dataclass(frozen=True, slots=True)
class Window:
    """The stored playlist (`generation` 0: none) and the last stored segments.

    They are read in this order, so that a write over that generation knows of every segment that it lists.
    """

    name: str
    generation: int
    digest: str | None
    written: datetime | None
    segments: list[Segment]


def look(stream: str, session: str, push: Push | None, settings: Ingest) -> Window:
    """Reads the stored state of a session: its last segments, at least those of its live playlist."""
    name = names.live_playlist(stream, session)
    blob = media_bucket().get_blob(name, timeout=_TIMEOUT_SECONDS)
    following = push.next if push and push.session == session else 0
    seconds = max(settings.playlist_window, 3 * settings.max_segment_seconds)
    since = max(0, following - math.ceil(seconds * 1.1) - 8)  # few segments are shorter than a second
    stored = list(objects.segments(stream, session, since))
    if blob is None:
        return Window(name, 0, None, None, stored)
    return Window(name, int(blob.generation or 0), blob.md5_hash, blob.updated, stored)


def write(window: Window, push: Push, settings: Ingest) -> bool:
    """Replaces the live playlist. Returns False if it has not changed.

    Raises Conflict if a newer one is stored, or one with ENDLIST: another request has ended the session, or moved on to
    another, between our reads of the push and of the playlist.
    """
    left = push.discontinuities - sum(segment.discontinuity for segment in window.segments)
    playlist = Playlist(push.target, settings.playlist_window, left=left)
    for segment in window.segments:
        playlist.add(segment)
    text = playlist.live().encode()
    if window.digest == b64encode(hashlib.md5(text, usedforsecurity=False).digest()).decode():
        return False
    if window.generation and _has_ended(window):
        raise Conflict(f"{window.name} has its end already")
    objects.pause(window.written)
    blob = media_bucket().blob(window.name)
    blob.cache_control = "no-cache"
    try:
        blob.upload_from_string(
            text,
            "application/vnd.apple.mpegurl",
            if_generation_match=window.generation,
            timeout=_TIMEOUT_SECONDS,
            retry=_RETRY,
        )
    except PreconditionFailed:
        raise Conflict(f"{window.name} was written meanwhile") from None
    except (GoogleAPICallError, RetryError, RequestException) as error:
        raise Unavailable(f"a playlist could not be stored: {error}") from error
    return True


def _has_ended(window: Window) -> bool:
    try:
        return objects.read(window.name, window.generation).endswith(b"#EXT-X-ENDLIST\n")
    except Stale:
        raise Conflict(f"{window.name} was written meanwhile") from None
    except (GoogleAPICallError, RetryError, RequestException) as error:
        raise Unavailable(f"a playlist could not be read: {error}") from error
