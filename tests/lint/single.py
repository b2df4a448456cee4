"""The rules that one playlist must keep by itself: each a function that says what breaks it, by name in `RULES`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import takewhile

from .model import Item, Parsed

_KNOWN = {
    *("#EXTM3U", "#EXT-X-VERSION", "#EXT-X-TARGETDURATION", "#EXT-X-MEDIA-SEQUENCE", "#EXT-X-DISCONTINUITY-SEQUENCE"),
    *("#EXT-X-INDEPENDENT-SEGMENTS", "#EXT-X-PLAYLIST-TYPE", "#EXT-X-DISCONTINUITY", "#EXT-X-PROGRAM-DATE-TIME"),
    *("#EXTINF", "#EXT-X-ENDLIST"),
}
_ONCE = ("#EXT-X-VERSION", "#EXT-X-TARGETDURATION", "#EXT-X-MEDIA-SEQUENCE", "#EXT-X-DISCONTINUITY-SEQUENCE")
_AT_MOST_ONCE = ("#EXTM3U", "#EXT-X-INDEPENDENT-SEGMENTS", "#EXT-X-PLAYLIST-TYPE", "#EXT-X-ENDLIST")
_DRIFT = timedelta(microseconds=1500)  # both dates are rounded to 1 ms, durations to 1 µs
Rule = Callable[[Parsed], Iterator[str]]


def header(found: Parsed) -> Iterator[str]:
    """RFC 8216 4.3.1.1: the first line is #EXTM3U."""
    if found.lines[:1] != ["#EXTM3U"]:
        yield "does not begin with #EXTM3U"


def syntax(found: Parsed) -> Iterator[str]:
    """Values are of the form that their tags define."""
    yield from found.faults
    for tag in ("#EXT-X-VERSION", "#EXT-X-TARGETDURATION", "#EXT-X-MEDIA-SEQUENCE", "#EXT-X-DISCONTINUITY-SEQUENCE"):
        yield from (f"{tag}:{value} is no whole number" for value in found.tags.get(tag, ()) if not value.isdecimal())


def tags(found: Parsed) -> Iterator[str]:
    """We write no other tags than these, and those of the whole playlist once."""
    yield from (f"unknown tag {tag}" for tag in found.tags if tag not in _KNOWN)
    for tag in _ONCE:
        if tag not in found.tags:
            yield f"no {tag.removeprefix('#')}"
    yield from (
        f"{t} comes {len(found.tags[t])} times" for t in _ONCE + _AT_MOST_ONCE if len(found.tags.get(t, ())) > 1
    )


def version(found: Parsed) -> Iterator[str]:
    """RFC 8216 7: durations with a fraction need version 3."""
    fractions = any("." in value.partition(",")[0] for value in found.tags.get("#EXTINF", ()))
    if fractions and found.number("#EXT-X-VERSION") < 3:
        yield "has durations with a fraction, which need EXT-X-VERSION 3"


def order(found: Parsed) -> Iterator[str]:
    """RFC 8216 4.3.3: the sequence numbers stand before the first segment; each EXTINF has its URI."""
    ahead = {line.partition(":")[0] for line in takewhile(lambda line: line.startswith("#"), found.lines)}
    for tag in (*_ONCE, "#EXT-X-PLAYLIST-TYPE"):
        if tag in found.tags and tag not in ahead and found.items:
            yield f"{tag} comes after the first segment"
    yield from (f"{tag} is followed by no segment" for tag in found.dangling)


def after_end(found: Parsed) -> Iterator[str]:
    """Nothing follows EXT-X-ENDLIST."""
    if found.ended:
        at = found.lines.index("#EXT-X-ENDLIST") if "#EXT-X-ENDLIST" in found.lines else len(found.lines)
        yield from (f"something follows EXT-X-ENDLIST: {line}" for line in found.lines[at + 1 :])


def vod_is_whole(found: Parsed) -> Iterator[str]:
    """A VOD playlist holds everything: from segment 0 to EXT-X-ENDLIST."""
    if found.tags.get("#EXT-X-PLAYLIST-TYPE") == ["VOD"]:
        if not found.ended:
            yield "is a VOD playlist without EXT-X-ENDLIST"
        if found.first or found.number("#EXT-X-DISCONTINUITY-SEQUENCE"):
            yield "is a VOD playlist that does not begin at the first segment"


def durations(found: Parsed) -> Iterator[str]:
    """RFC 8216 4.3.3.1: round(EXTINF) is at most the target duration, and every segment has one."""
    target = found.number("#EXT-X-TARGETDURATION")
    for item in found.items:
        if item.duration is None:
            yield f"{item.uri} has no EXTINF"
        elif int(item.duration + 0.5) > target:
            yield f"segment {item.sequence} lasts {item.duration} s, rounded more than the target duration {target}"
        elif item.duration <= 0:
            yield f"segment {item.sequence} lasts nothing"


def dates(found: Parsed) -> Iterator[str]:
    """Every segment says when it was, later than the one before, and exactly its media time later."""
    base: tuple[datetime, timedelta] | None = None
    before: Item | None = None
    elapsed = timedelta()
    for item in found.items:
        if item.instant is None:
            yield f"segment {item.sequence} has no EXT-X-PROGRAM-DATE-TIME"
        elif before and before.instant and item.instant <= before.instant:
            yield f"the date of segment {item.sequence} does not rise"
        elif base and not item.discontinuity and abs(item.instant - base[0] - (elapsed - base[1])) > _DRIFT:
            yield f"the date of segment {item.sequence} is not that of its media time"
        if item.instant and (base is None or item.discontinuity):
            base = item.instant, elapsed
        before, elapsed = item, elapsed + timedelta(seconds=item.seconds)


def uris(found: Parsed) -> Iterator[str]:
    """No segment twice; an address without a query, where a key might be."""
    counted = Counter(item.uri for item in found.items)
    yield from (f"{uri} is listed {count} times" for uri, count in counted.items() if count > 1)
    yield from (f"{uri} carries a query or a fragment" for uri in counted if "?" in uri or "#" in uri)


def lines(found: Parsed) -> Iterator[str]:
    """RFC 8216 4.1: no control characters, and no blank around a line."""
    for line in found.lines:
        if any(ord(character) < 32 or 127 <= ord(character) < 160 for character in line) or line != line.strip():
            yield f"a control character or a blank around {line!r}"


RULES: dict[str, Rule] = {
    rule.__name__.replace("_", "-"): rule
    for rule in (header, syntax, tags, version, order, after_end, vod_is_whole, durations, dates, uris, lines)
}
