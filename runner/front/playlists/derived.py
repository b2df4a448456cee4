"""Answers with playlists and captions that are made when they are asked for."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from functools import lru_cache

from google.api_core.exceptions import NotFound as GoogleNotFound

from pipeline.cloud.clients import media_bucket
from pipeline.documents import analysis_config, sessions
from pipeline.documents.session_steps import steps
from pipeline.documents.spoken import transcripts
from pipeline.domain import names
from pipeline.domain.errors import NotFound
from pipeline.domain.model import Kind, SegmentRef
from pipeline.reports import appearances, spoken
from pipeline.reports.appearances import Appearance
from pipeline.reports.observations import FOREVER
from pipeline.reports.tracking import Step

from . import text

_DERIVED = re.compile(rf"{names.PLAYLISTS}([^/]+)/([^/]+)/(main|timed|captions)(-vod)?\.m3u8")
_CUES = re.compile(rf"{names.PLAYLISTS}([^/]+)/([^/]+)/captions-(\d{{8}})\.vtt")
_TIMEOUT = 10  # seconds
_KEPT = 2.0  # seconds for which all viewers of an instance get the same appearances
_MOST = 1000  # appearances in one playlist
_NEAR = 2  # segments before and after that a caption may reach over
_MEASURED = 30  # segments, the newest ones, whose bit rate is told
_GUESS = 6_000_000  # bits a second, before a segment was sampled
_PLAYLIST, _VTT = "application/vnd.apple.mpegurl", "text/vtt; charset=utf-8"


def made(name: str) -> tuple[str, str] | None:
    """The text and the content type of the object `name`, if it is one that is made here. Raises NotFound."""
    if found := _CUES.fullmatch(name):
        return _cues(SegmentRef(found[1], found[2], int(found[3]))), _VTT
    if not (found := _DERIVED.fullmatch(name)):
        return None
    stream, session, kind, suffix = found[1], found[2], found[3], found[4] or ""
    match kind:
        case "main":
            return _main(stream, session, suffix), _PLAYLIST
        case "timed":
            return _timed(stream, session, _stored(stream, session, suffix)), _PLAYLIST
        case _:
            return _captions(stream, session, _stored(stream, session, suffix)), _PLAYLIST


def stored(name: str) -> str:
    """A stored playlist. Raises NotFound."""
    try:
        return media_bucket().blob(name).download_as_bytes(timeout=_TIMEOUT).decode()
    except GoogleNotFound:
        raise NotFound(f"the playlist {name} does not exist") from None


def _stored(stream: str, session: str, suffix: str) -> str:
    return stored((names.vod_playlist if suffix else names.live_playlist)(stream, session))


def _main(stream: str, session: str, suffix: str) -> str:
    fields = sessions.get(stream, session)
    first = next(iter(transcripts.heard(stream, session)), None)
    captions = first is not None or bool(analysis_config.of(stream).settings.speech.enabled)
    variant = text.Variant(
        bandwidth=sessions.bit_rate(stream, session, _MEASURED) or _GUESS,
        codecs=fields.get("codecs"),
        width=fields.get("width"),
        height=fields.get("height"),
        fps=fields.get("fps"),
        language=first.language if first else None,
    )
    return text.multivariant(variant, suffix, captions=captions)


def _timed(stream: str, session: str, playlist: str) -> str:
    fields = sessions.get(stream, session)
    started = fields.get("started")
    if started is None or not text.listed(playlist):
        return playlist
    since = text.begins(playlist, started)
    stays, until = _stays(stream, session, since, fields.get("fps"), int(time.monotonic() / _KEPT))
    return text.timed(playlist, started, stays, FOREVER if fields.get("ended") else until)


@lru_cache(maxsize=128)
def _stays(stream: str, session: str, since: int, fps: float | None, _now: int) -> tuple[list[Appearance], int]:
    """The appearances that begin at media time `since` (ms) or later, and until when the session is looked at."""
    last = 0

    def followed() -> Iterator[Step]:
        nonlocal last
        for step in steps(stream, session, Kind.LOGO, since, fps):
            last = max(last, step.observation.until)
            yield step

    found = appearances.page(followed(), _MOST).appearances
    return [one for one in found if one.start >= since], last


def _captions(stream: str, session: str, playlist: str) -> str:
    listed = text.listed(playlist)
    if not listed or "#EXT-X-ENDLIST" in playlist:
        return text.captions(playlist, None)
    return text.captions(playlist, [*transcripts.begins(stream, session, listed[0], listed[-1])])


def _cues(ref: SegmentRef) -> str:
    """The captions of a segment; none where it was not transcribed."""
    found = transcripts.times(ref)
    if found is None:
        return text.cues_of(0, 0, ())
    start, end = found
    heard = transcripts.heard(ref.stream, ref.session, max(0, ref.sequence - _NEAR), end + _NEAR * (end - start))
    return text.cues_of(start, end, spoken.cues(word for _, some in spoken.joined(heard) for word in some))
