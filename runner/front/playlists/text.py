"""Playlists and captions as text. Pure. https://datatracker.ietf.org/doc/html/rfc8216"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.reports.appearances import Appearance
from pipeline.reports.model import SURE, UNIT
from pipeline.reports.spoken import Cue, as_vtt

_SEQUENCE = re.compile(r"/(\d{8})\.ts$")
_PTS = 900_000  # ticks of 90 kHz: a segment's pts is 10 s + its media time
_CLASS = "media-analyzer.appearance"


@dataclass(frozen=True, slots=True)
class Variant:
    """What a player has to know before it begins. `codecs` may be unknown."""

    bandwidth: int
    codecs: str | None
    width: int | None
    height: int | None
    fps: float | None
    language: str | None


def multivariant(variant: Variant, suffix: str, *, captions: bool) -> str:
    """The multivariant playlist; `suffix` of its playlists' names."""
    told = [f"BANDWIDTH={variant.bandwidth}"]
    if variant.codecs:
        told.append(f'CODECS="{variant.codecs}"')
    if variant.width and variant.height:
        told.append(f"RESOLUTION={variant.width}x{variant.height}")
    if variant.fps:
        told.append(f"FRAME-RATE={variant.fps:.3f}")
    lines = ["#EXTM3U", "#EXT-X-VERSION:6", "#EXT-X-INDEPENDENT-SEGMENTS"]
    if captions:
        language = f'LANGUAGE="{variant.language}",' if variant.language else ""
        lines.append(
            f'#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="Captions",{language}'
            f'DEFAULT=YES,AUTOSELECT=YES,FORCED=NO,URI="captions{suffix}.m3u8"'
        )
        told.append('SUBTITLES="captions"')
    return "\n".join([*lines, f"#EXT-X-STREAM-INF:{','.join(told)}", f"timed{suffix}.m3u8", ""])


def timed(playlist: str, started: datetime, stays: Iterable[Appearance], known_until: int) -> str:
    """The playlist with an EXT-X-DATERANGE for each appearance.

    One that goes on at `known_until` (ms of media time) has no duration yet: RFC 8216 lets a client see it added later,
    never changed.
    """
    head, mark, rest = playlist.partition("#EXT-X-PROGRAM-DATE-TIME:")
    ranges = (f"#EXT-X-DATERANGE:{','.join(_attributes(stay, started, known_until))}\n" for stay in stays)
    return head + ("".join(ranges) if mark else "") + mark + rest


def listed(playlist: str) -> list[int]:
    """The sequences of a stored playlist's segments."""
    return [int(found[1]) for line in playlist.splitlines() if (found := _SEQUENCE.search(line))]


def captions(playlist: str, heard: Container[int] | None) -> str:
    """The playlist of captions beside a stored one.

    It ends before the first segment that is not `heard` yet, since a player fetches each part once; None: all are.
    """
    kept, waiting = list[str](), list[str]()
    for line in playlist.splitlines():
        waiting.append(line)
        if found := _SEQUENCE.search(line):
            if heard is not None and int(found[1]) not in heard:
                waiting = []
                break
            kept += [*waiting[:-1], f"captions-{found[1]}.vtt"]
            waiting = []
        elif not kept and line.startswith("#EXT-X-INDEPENDENT"):
            waiting.pop()  # of media segments alone
    if not kept:
        kept, waiting = [line for line in playlist.splitlines() if _of_all(line)], []
    return "\n".join([*kept, *waiting]) + "\n"


def begins(playlist: str, started: datetime) -> int:
    """The media time (ms) of a stored playlist's first segment."""
    found = re.search(r"^#EXT-X-PROGRAM-DATE-TIME:(\S+)$", playlist, re.M)
    return max(0, round((datetime.fromisoformat(found[1]) - started).total_seconds() * 1000)) if found else 0


def cues_of(start: float, end: float, cues: Iterable[Cue]) -> str:
    """The captions between two media times (s) as WebVTT, on the segments' clock."""
    text = as_vtt(cue for cue in cues if cue.start < end and cue.end > start)
    stamp = f"X-TIMESTAMP-MAP=MPEGTS:{_PTS},LOCAL:00:00:00.000"
    return text.replace("WEBVTT\n", f"WEBVTT\n{stamp}\n", 1)


def _of_all(line: str) -> bool:
    """Whether a line is about all of a playlist, and about no segment."""
    about_one = ("#EXT-X-PROGRAM-DATE-TIME", "#EXTINF", "#EXT-X-ENDLIST", "#EXT-X-INDEPENDENT")
    return line.startswith("#") and line != "#EXT-X-DISCONTINUITY" and not line.startswith(about_one)


def _attributes(stay: Appearance, started: datetime, known_until: int) -> Iterator[str]:
    yield f'ID="{stay.id}"'
    yield f'CLASS="{_CLASS}"'
    yield f'START-DATE="{_instant(started, stay.start)}"'
    yield f"X-LABEL={_quoted(stay.label)}"
    if stay.end < known_until:
        mean = stay.area / stay.shown if stay.shown else stay.largest
        yield f"DURATION={(stay.end - stay.start) / 1000:.3f}"
        yield f"X-CONFIDENCE={stay.sure / SURE:.4f}"
        yield f"X-SHARE-OF-SCREEN={mean / UNIT**2:.6f}"


def _instant(started: datetime, at: int) -> str:
    return (started + timedelta(milliseconds=at)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _quoted(text: str) -> str:
    """A quoted string of RFC 8216, which can hold no quote and no line break."""
    return '"' + re.sub(r"[\r\n]+", " ", text).replace('"', "'") + '"'
