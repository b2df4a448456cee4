"""HLS playlists (RFC 8216) of one session."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from .model import Segment
from .names import segment_uri

_TARGETS = (4, 6, 12)
_HEADROOM = 1.2
_NUMBERS = {name: re.compile(rf"^#EXT-X-{name}:(\d+)$", re.MULTILINE) for name in ("TARGETDURATION", "MEDIA-SEQUENCE")}


def target_for(duration: float, longest: int) -> int:
    """The EXT-X-TARGETDURATION of a session whose first segment lasts `duration` seconds, at most `longest`.

    It may never change, and players keep at least so far behind the live edge: small, with room for a longer segment.
    """
    targets = sorted({target for target in _TARGETS if target < longest} | {longest})
    return next((target for target in targets if duration * _HEADROOM <= target), longest)


@dataclass(slots=True)
class Playlist:
    """The durable segments of a session, in order.

    `target_duration` is whole seconds and never changes: RFC 8216 forbids it, so it is a bound known beforehand and not
    the longest segment so far. `window` is how many seconds the live playlist keeps. `left` counts the discontinuities
    before the first of `segments`, if earlier segments are left out. `ended`: the live playlist had its ENDLIST before.
    """

    target_duration: int
    window: float
    segments: list[Segment] = field(default_factory=list[Segment])
    left: int = 0
    ended: bool = False
    _first: int = 0
    _listed: float = 0.0  # seconds of video in the window; a gap between two segments does not count

    def add(self, segment: Segment) -> None:
        """Appends a segment, and moves the live window along."""
        self.segments.append(segment)
        self._listed += segment.duration
        while self._listed - self.segments[self._first].duration >= self._kept():
            self._leave()

    def live(self, *, ended: bool = False) -> str:
        """The window; `ended` closes it for good."""
        return self._render(self._first, (), ended)

    def vod(self) -> str:
        """The whole session."""
        return self._render(0, ("#EXT-X-PLAYLIST-TYPE:VOD",), True)

    def fits(self, duration: float) -> bool:
        """True if a segment of `duration` seconds keeps the promise of the target duration."""
        return int(duration + 0.5) <= self.target_duration

    def start_at(self, sequence: int) -> None:
        """Moves the live window's start on to `sequence`: a segment that has left a playlist never comes back."""
        while self._first < len(self.segments) - 1 and self.segments[self._first].ref.sequence < sequence:
            self._leave()

    def _leave(self) -> None:
        self._listed -= self.segments[self._first].duration
        self._first += 1

    def _kept(self) -> float:
        return max(self.window, 3 * self.target_duration)  # RFC 8216 6.2.2: at least three target durations

    def _render(self, first: int, tags: tuple[str, ...], ended: bool) -> str:
        lines = [
            "#EXTM3U",
            "#EXT-X-VERSION:6",
            f"#EXT-X-TARGETDURATION:{self.target_duration}",
            f"#EXT-X-MEDIA-SEQUENCE:{self.segments[first].ref.sequence if self.segments else 0}",
            f"#EXT-X-DISCONTINUITY-SEQUENCE:{self.left + sum(s.discontinuity for s in self.segments[:first])}",
            "#EXT-X-INDEPENDENT-SEGMENTS",
            *tags,
        ]
        for segment in self.segments[first:]:
            if segment.discontinuity:
                lines.append("#EXT-X-DISCONTINUITY")
            instant = segment.program_date_time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            lines += [
                f"#EXT-X-PROGRAM-DATE-TIME:{instant}",
                f"#EXTINF:{segment.duration:.6f},",
                segment_uri(segment.ref),
            ]
        if ended:
            lines.append("#EXT-X-ENDLIST")
        return "\n".join(lines) + "\n"


def rebuilt(segments: Iterable[Segment], standing: str | None, *, window: float, longest: int) -> Playlist | None:
    """The playlist of the stored segments, continuing the live one that stands (None: not written yet).

    Returns None without segments. It also has those that are stored and not listed yet: their publisher died between.
    Not so after its ENDLIST: nothing is added to it then.
    """
    target, first = (_number(name, standing) for name in ("TARGETDURATION", "MEDIA-SEQUENCE"))
    text = standing or ""
    ended = text.endswith("#EXT-X-ENDLIST\n")
    stored = list(segments)
    if ended:
        end = (first or 0) + text.count("\n#EXTINF:")
        stored = [segment for segment in stored if segment.ref.sequence < end]
    if not stored:
        return None
    playlist = Playlist(target or target_for(max(segment.duration for segment in stored), longest), window, ended=ended)
    for segment in stored:
        playlist.add(segment)
    playlist.start_at(first or 0)
    return playlist


def _number(name: str, text: str | None) -> int | None:
    found = _NUMBERS[name].search(text or "")
    return int(found[1]) if found else None
