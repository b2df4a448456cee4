"""An MP4 file that can be played while it is loaded: its index stands at its beginning, its chapters in it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Stream

from pipeline.domain.clips import Chapter
from pipeline.domain.errors import BadRequest

from .media import CLOCK, TIME_BASE

_CHECKED = 200  # packets between two looks at the size


class Output:
    """The file while it is written. `video` and `audio` are its tracks, once they are known."""

    def __init__(self, path: Path, largest: int) -> None:
        """`largest`: bytes of the file."""
        self._path = path
        self._largest = largest
        self._written = 0
        self._last: dict[int, int] = {}
        self.container: OutputContainer = av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"})

    def mux(self, packet: Packet[Stream], stream: Stream, pts: int, dts: int) -> None:
        """Adds a packet, at ticks of the clip. Raises BadRequest if the file becomes too large."""
        last = self._last.get(stream.index)
        if last is not None and dts <= last:  # at a seam
            dts = last + 1
        self._last[stream.index] = dts
        packet.time_base = TIME_BASE
        packet.pts, packet.dts = max(pts, dts), dts
        packet.stream = stream
        self.container.mux_one(packet)
        self._written += 1
        if self._written % _CHECKED == 0 and self._path.stat().st_size > self._largest:
            raise BadRequest(f"the clip is larger than {self._largest} bytes: ask for a shorter one")

    def close(self, chapters: Sequence[Chapter]) -> None:
        """Completes the file."""
        if any(one.title for one in chapters):
            listed: list[Any] = [
                {
                    "id": number,
                    "start": round(one.start * CLOCK),
                    "end": round(one.end * CLOCK),
                    "time_base": Fraction(1, CLOCK),
                    "metadata": {"title": f"{one.title}, {_clock(one.media_time)}"},
                }
                for number, one in enumerate(chapters)
            ]
            self.container.set_chapters(listed)
        self.container.close()


def _clock(seconds: float) -> str:
    """Media time as players show it: 1:02:03."""
    hours, rest = divmod(int(seconds), 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
