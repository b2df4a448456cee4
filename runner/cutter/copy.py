"""Cuts at keyframes: packets are copied, and nothing is decoded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from av.audio.stream import AudioStream
from av.stream import Stream
from av.video.stream import VideoStream

from pipeline.domain.clips import Chapter
from pipeline.domain.errors import NotFound

from .decode import APART
from .media import CLOCK, Media, Unit, opened
from .output import Output
from .parts import Part
from .stored import Piece


class NeedsEncodingError(Exception):
    """The parts do not fit into one track as they are: the picture or sound changes its format."""


class Copier:
    """Copies parts of a session into a file, one after the other."""

    def __init__(self, output: Output, on_seconds: Callable[[float], None]) -> None:
        """`on_seconds` is told how many seconds of the clip are written."""
        self._output = output
        self._on_seconds = on_seconds
        self._tracks: tuple[VideoStream, AudioStream | None] | None = None
        self._parameters: tuple[object, ...] = ()
        self._end = 0  # ticks of the clip

    def run(self, parts: Sequence[Part], pieces: Callable[[Part], Iterable[Piece]]) -> list[Chapter]:
        """Raises NeedsEncodingError, and NotFound if nothing of the parts is stored."""
        chapters = [chapter for part in parts if (chapter := self._part(part, pieces(part)))]
        if not chapters:
            raise NotFound("nothing of what was asked for is stored: it has expired, or was never sent")
        return chapters

    def _part(self, part: Part, pieces: Iterable[Piece]) -> Chapter | None:
        begin, shown = self._end, None
        start, end = round(part.start * CLOCK), round(part.end * CLOCK)
        reached: int | None = None  # media time up to which the part is written, in ticks
        shift = 0
        for piece in pieces:
            with opened(piece) as media:
                if media is None or not media.keys():
                    continue
                keys = media.keys()
                first = max((key for key in keys if key <= start), default=keys[0])
                last = min((key for key in keys if key >= end and key > first), default=None)
                if reached is None or piece.segment.discontinuity or abs(first - reached) > APART:
                    shift = self._end - first
                shown = first if shown is None else shown
                self._copy(media, first, last, shift)
                reached = round(piece.end * CLOCK) if last is None else last
                self._end = max(self._end, reached + shift)
                self._on_seconds(self._end / CLOCK)
            if last is not None:
                break
        if shown is None:
            return None
        return Chapter(begin / CLOCK, self._end / CLOCK, shown / CLOCK, part.title)

    def _copy(self, media: Media, first: int, last: int | None, shift: int) -> None:
        video, audio = self._adopt(media)
        begun = False
        for unit in media.units:
            if unit.video:
                begun = begun or (unit.key and unit.pts >= first)
                if unit.key and last is not None and unit.pts >= last:
                    break
                if begun and unit.pts >= first:  # what comes earlier refers to a picture that is left out
                    self._mux(unit, video, shift)
        for unit in media.units:
            if audio and not unit.video and unit.pts >= first and (last is None or unit.pts < last):
                self._mux(unit, audio, shift)

    def _mux(self, unit: Unit, stream: Stream, shift: int) -> None:
        self._output.mux(unit.packet, stream, unit.pts + shift, unit.dts + shift)

    def _adopt(self, media: Media) -> tuple[VideoStream, AudioStream | None]:
        if self._tracks is None:
            container = self._output.container
            video = container.add_stream_from_template(media.video)
            if media.video.codec_context.name == "hevc":
                video.codec_context.codec_tag = "hvc1"  # the one that Safari plays
            audio = container.add_stream_from_template(media.audio) if media.audio else None
            self._tracks, self._parameters = (video, audio), media.parameters
        elif media.parameters != self._parameters:
            raise NeedsEncodingError
        return self._tracks
