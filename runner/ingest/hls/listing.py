"""Reads a sender's playlist."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime

import m3u8

from pipeline.domain.errors import BadRequest, UnsupportedMedia
from pipeline.domain.push import Item

from . import paths

_MAX_SECONDS = 3600.0  # of one segment, as the playlist declares it; the real duration is measured
_MIN_SECONDS = 0.9  # of one segment: our playlist can be rewritten once a second at most
_MAX_NUMBER = 1 << 53  # beyond it a database's and a browser's numbers are not exact
_MAX_SEGMENTS = 64  # at the end of a playlist: earlier ones have been taken or were lost long ago


@dataclass(frozen=True, slots=True)
class Listing:
    """The last segments of a media playlist, its target duration in seconds, and whether it has ended."""

    items: tuple[Item, ...]
    target: int
    ended: bool


def parse(name: str, text: bytes, stream: str) -> Listing | None:
    """Reads a playlist; None for a multivariant one. Raises BadRequest or UnsupportedMedia."""
    try:
        playlist = m3u8.M3U8(text.decode("utf-8-sig"))
    except Exception as error:  # noqa: BLE001 - the parser raises many kinds of errors on malformed tags
        raise BadRequest(f"invalid HLS playlist {name!r}: {error}") from None
    if not text.lstrip(b"\xef\xbb\xbf").startswith(b"#EXTM3U"):
        raise BadRequest(f"invalid HLS playlist {name!r}: expected #EXTM3U on its first line")
    if playlist.is_variant:
        return None
    first = playlist.media_sequence or 0
    if not 0 <= first < _MAX_NUMBER:
        raise BadRequest(f"invalid EXT-X-MEDIA-SEQUENCE in {name}: expected a number below {_MAX_NUMBER}")
    if not 0 <= (playlist.target_duration or 0) <= _MAX_SECONDS:
        raise BadRequest(f"invalid EXT-X-TARGETDURATION in {name}: expected at most {_MAX_SECONDS:g} seconds")
    count = len(playlist.segments)
    latest = list(enumerate(playlist.segments, first))[-_MAX_SEGMENTS:]
    items = tuple(_item(name, stream, number, segment) for number, segment in latest)
    if count > 2 and max(item.duration for item in items[:-1]) < _MIN_SECONDS:
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
    if not 0 < duration <= _MAX_SECONDS:
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
    """The date of the segment's first picture, if the playlist has one. Without a zone it is UTC."""
    instant = segment.program_date_time
    if instant is None:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
