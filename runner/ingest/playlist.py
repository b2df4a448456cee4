"""HLS playlists (RFC 8216) of one session."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.model import Segment
from pipeline.names import segment_uri


@dataclass(slots=True)
class Playlist:
    """The segments that are durable, in order.

    `target_duration` is whole seconds and never changes: RFC 8216 forbids it, so it is a bound known beforehand and not
    the longest segment so far. `window` is how many seconds the live playlist keeps. `left` counts the discontinuities
    before the first of `segments`, where those are not all there ever were.
    """

    target_duration: int
    window: float
    segments: list[Segment] = field(default_factory=list[Segment])
    left: int = 0
    _first: int = 0

    def add(self, segment: Segment) -> None:
        """Appends a segment, and moves the live window along."""
        self.segments.append(segment)
        while self._listed() - self.segments[self._first].duration >= self._kept():
            self._first += 1

    def live(self, *, ended: bool = False) -> str:
        """The window; `ended` closes it for good."""
        return self._render(self._first, (), ended)

    def vod(self) -> str:
        """The whole session."""
        return self._render(0, ("#EXT-X-PLAYLIST-TYPE:VOD",), True)

    def _kept(self) -> float:
        return max(self.window, 3 * self.target_duration)  # RFC 8216 6.2.2: at least three target durations

    def _listed(self) -> float:
        last, first = self.segments[-1], self.segments[self._first]
        return last.media_time + last.duration - first.media_time

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
