"""The position of a session's next segment: its sequence, its media time, the instant that it shows."""

from __future__ import annotations

from datetime import datetime, timedelta

from pipeline.domain.model import Segment, SegmentRef
from pipeline.domain.playlist import Playlist

from ..media.units import CLOCK, seconds

_MS = CLOCK // 1000  # ticks


class MediaPosition:
    """Continues after the segments of `playlist`. Media time 0 is `started`; `next` is the next sequence.

    Media time follows the clock across a gap and the media within a stretch: `continue_at` begins a stretch, `take`
    adds a segment to it. `discontinuity`: whether the next segment follows a discontinuity.
    """

    def __init__(self, stream: str, session: str, playlist: Playlist) -> None:
        segments = playlist.segments
        self.started = _started(segments[0]) if segments else None
        self.next = segments[-1].ref.sequence + 1 if segments else 0
        self.discontinuity = self.next > 0
        self._stream, self._session = stream, session
        self._end = round((segments[-1].media_time + segments[-1].duration) * CLOCK) if segments else 0

    def continue_at(self, instant: datetime, *, seam: bool = False) -> int:
        """The media time (ticks) of a stretch whose first picture came at `instant`: never before the end.

        `seam`: the same sender changed its tracks without a break, so that the stretch follows at once.
        """
        self.discontinuity |= seam and self.next > 0
        if self.started is None:
            self.started = instant.replace(microsecond=instant.microsecond // 1000 * 1000)
        if not self.next:
            return 0
        since = round((instant - self.started) / timedelta(milliseconds=1)) * _MS
        end = -(-self._end // _MS) * _MS
        return end if seam else max(since, end)

    def instant(self, at: int) -> datetime:
        """The program date time of media time `at` (ticks), once a stretch has begun."""
        assert self.started is not None
        # Rounded from the session's start each time, so that it never drifts.
        return self.started + timedelta(milliseconds=round(at / _MS))

    def take(self, at: int, duration: int, *, fresh: bool) -> Segment:
        """The next segment, at media time `at` (ticks). `fresh`: its decoder must be set up again."""
        segment = Segment(
            SegmentRef(self._stream, self._session, self.next),
            media_time=seconds(at),
            duration=seconds(duration),
            program_date_time=self.instant(at),
            discontinuity=self.discontinuity or (fresh and self.next > 0),
        )
        self.next += 1
        self._end = at + duration
        self.discontinuity = False
        return segment


def _started(first: Segment) -> datetime:
    """The instant of media time 0, from the first segment."""
    return first.program_date_time - timedelta(milliseconds=round(first.media_time * 1000))
