"""Pictures and sound of segments, decoded as one stream, on the clock of the session."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.codec.context import CodecContext
from av.error import FFmpegError
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from pipeline.media.containers import bound

from .media import CLOCK, TIME_BASE, Media, Unit, opened
from .stored import Piece

APART = CLOCK // 10
"""Ticks that two segments may lie apart and still touch: their times were rounded."""


class Break:
    """What comes does not follow what came: media is missing, or another stream begins."""


Decoded: TypeAlias = VideoFrame | AudioFrame | Break


def decoded(pieces: Iterable[Piece]) -> Iterator[Decoded]:
    """Frames with their pts in ticks of media time; a Break before each stretch. Damaged packets cost their frames."""
    decoders: _Decoders | None = None
    reached = 0
    for piece in pieces:
        with opened(piece) as media:
            if media is None or not media.keys():
                continue
            joined = not piece.segment.discontinuity and abs(media.keys()[0] - reached) <= APART
            if decoders is None or not joined or decoders.parameters != media.parameters:
                if decoders:
                    yield from decoders.rest()
                yield Break()
                decoders = _Decoders(media)
            for unit in media.units:
                yield from decoders.feed(unit)
            reached = round(piece.end * CLOCK)
    if decoders:
        yield from decoders.rest()


class _Decoders:
    """They outlive the segments: a decoder of sound needs what came before."""

    def __init__(self, media: Media) -> None:
        self.parameters = media.parameters
        self._video = CodecContext.create(media.video.codec_context.name, "r")
        bound(self._video)
        self._audio = CodecContext.create(media.audio.codec_context.name, "r") if media.audio else None

    def feed(self, unit: Unit) -> Iterator[Decoded]:
        unit.packet.time_base = TIME_BASE
        unit.packet.pts, unit.packet.dts = unit.pts, unit.dts
        decoder = self._video if unit.video else self._audio
        yield from _frames(decoder, unit) if decoder else ()

    def rest(self) -> Iterator[Decoded]:
        yield from _frames(self._video, None)


def _frames(decoder: CodecContext, unit: Unit | None) -> Iterator[Decoded]:
    assert isinstance(decoder, VideoCodecContext | AudioCodecContext)
    try:
        frames = decoder.decode(unit.packet if unit else None)  # type: ignore[arg-type]
    except FFmpegError:
        return
    for frame in frames:
        if frame.pts is not None and not frame.is_corrupt:
            frame.time_base = TIME_BASE
            yield frame
