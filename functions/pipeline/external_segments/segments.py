"""Stores an announced segment: as an object, in the live playlist, and in the documents of its stream."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from google.api_core.exceptions import PreconditionFailed

from ..cloud import objects
from ..cloud.clients import media_bucket
from ..documents import external_streams, leases, streams
from ..domain import names
from ..domain.errors import Conflict
from ..domain.model import Segment, SegmentRef, StreamState
from ..domain.playlist import Playlist
from ..sessions import stored
from . import fetch
from .settings import Events

_WINDOW = 120.0  # seconds that the live playlist lists
_TIMEOUT = 20  # seconds
_LOOKS = 3  # the request that overtakes the second write looked when this segment was stored, and lists it


def store(segment: Segment, url: str, settings: Events) -> bool:
    """Fetches and stores a segment; False if it exists. Raises BadRequest, UnsupportedMedia, Conflict, Unavailable."""
    ref = segment.ref
    _free(ref.stream)
    name = names.segment_object(ref)
    if media_bucket().blob(name).exists(timeout=_TIMEOUT):
        return False
    if external_streams.has_ended(ref.stream, ref.session):  # its playlists must not change any more
        raise Conflict(f"session {ref.session!r} of stream {ref.stream!r} has ended: announce the segment in another")
    with fetch.opened(url, settings) as response:
        data = fetch.read(response, settings.largest << 20)
    from .clock import moved  # its libraries are loaded where a segment is announced

    data = moved(data, segment.media_time)
    try:
        objects.insert_new(name, data, "video/mp2t", objects.segment_metadata(segment), timeout=_TIMEOUT)
    except PreconditionFailed:
        return False
    _show(segment)
    return True


def end(stream: str, session: str) -> None:
    """Ends a session: in both playlists and in its document. Idempotent."""
    _free(stream)
    closed = stored.close(stream, session)
    streams.record(stream, session, {"state": StreamState.ENDED.value, "error": None}, closed)


def _free(stream: str) -> None:
    held = leases.held(stream)
    if held and held.expires > datetime.now(UTC):
        since = held.acquired.isoformat(timespec="seconds")
        raise Conflict(f"stream {stream!r} is being published by {held.holder} since {since}")


def _show(segment: Segment) -> None:
    ref = segment.ref
    name = names.live_playlist(ref.stream, ref.session)
    playlist = _list(ref, name)
    started = segment.program_date_time - timedelta(seconds=segment.media_time)
    known = {"started": started, "ended": None, "playlist": name}
    if playlist:
        last = playlist.segments[-1]
        known |= {"segments": len(playlist.segments), "media_seconds": round(last.media_time + last.duration, 6)}
    state = {"state": StreamState.LIVE.value, "session": ref.session, "source": external_streams.SOURCE, "error": None}
    streams.record(ref.stream, ref.session, {**state, "last_segment_at": datetime.now(UTC)}, known)


def _list(ref: SegmentRef, name: str) -> Playlist | None:
    """Writes the live playlist, once a second at most; None while the first segment is still to come.

    Raises Conflict if the session has ended.
    """
    for left in reversed(range(_LOOKS)):
        seen = stored.look(ref.stream, ref.session, _WINDOW)
        if not seen.playlist:
            break
        if seen.playlist.ended:
            raise Conflict(f"session {ref.session!r} of stream {ref.stream!r} has ended meanwhile")
        if not left or seen.text == (text := seen.playlist.live()):
            return seen.playlist
        objects.pause(seen.written)
        try:
            objects.write_playlist(name, text, generation=seen.generation)
            return seen.playlist
        except PreconditionFailed:
            continue
    return None
