"""What a sender's playlist lists."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime

import m3u8

from pipeline.documents.pushes import Item
from pipeline.domain.errors import BadRequest, UnsupportedMedia

from . import paths

_LONGEST = 3600.0  # seconds of one segment that a playlist may claim; how long it really is, is measured
_SHORTEST = 0.9  # seconds: our playlist cannot be rewritten oftener than once a second
_LATEST = 64  # segments at a playlist's end that are looked at: those before have been taken or were lost long ago


@dataclass(frozen=True, slots=True)
class Listing:
    """The last segments of a media playlist, its target duration in seconds, and whether it says that it ended."""

    items: tuple[Item, ...]
    target: int
    ended: bool


def parse(name: str, text: bytes, stream: str) -> Listing | None:
    """Reads a playlist; None for a multivariant one. Raises BadRequest or UnsupportedMedia, saying what is wrong."""
    try:
        playlist = m3u8.M3U8(text.decode("utf-8-sig"))
    except Exception as error:  # noqa: BLE001 - the parser raises whatever a malformed tag makes it stumble over
        raise BadRequest(f"{name} is no HLS playlist: {error}") from None
    if not text.lstrip(b"\xef\xbb\xbf").startswith(b"#EXTM3U"):
        raise BadRequest(f"{name} is no HLS playlist: it does not begin with #EXTM3U")
    if playlist.is_variant:
        return None
    first = playlist.media_sequence or 0
    count = len(playlist.segments)
    latest = list(enumerate(playlist.segments, first))[-_LATEST:]
    items = tuple(_item(name, stream, number, segment) for number, segment in latest)
    if count > 2 and max(item.duration for item in items[:-1]) < _SHORTEST:
        raise UnsupportedMedia(f"{name} lists segments of less than a second: make them 2 seconds long (-hls_time 2)")
    if count and not playlist.target_duration:
        raise BadRequest(f"{name} lacks EXT-X-TARGETDURATION")
    return Listing(items, math.ceil(playlist.target_duration or 0), bool(playlist.is_endlist))


def _item(name: str, stream: str, number: int, segment: m3u8.Segment) -> Item:
    if segment.byterange:
        raise UnsupportedMedia(f"{name} lists ranges of one file: send each segment as a file of its own")
    if segment.key and segment.key.method not in (None, "NONE"):
        raise UnsupportedMedia(f"{name} lists encrypted segments ({segment.key.method}): send them in the clear")
    duration = float(segment.duration or 0)
    if not 0 < duration <= _LONGEST:
        raise BadRequest(f"{name} says that {segment.uri} lasts {segment.duration} s")
    init = segment.init_section
    return Item(
        number=number,
        name=paths.resolve(name, segment.uri or "", stream),
        duration=duration,
        program_date_time=_aware(segment),
        discontinuity=bool(segment.discontinuity),
        init=paths.resolve(name, init.uri, stream) if init and init.uri else None,
    )


def _aware(segment: m3u8.Segment) -> datetime | None:
    """The date of its first picture, where the playlist gives one; without a zone it is taken as UTC."""
    instant = segment.program_date_time
    if instant is None:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
