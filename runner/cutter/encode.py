"""Cuts at the very frames: everything is decoded, perhaps drawn on, and encoded again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from pipeline.domain.clips import Chapter
from pipeline.domain.errors import NotFound, UnsupportedMedia

from .decode import Break, decoded
from .draw import Place, Planes, draw, planes_of
from .media import CLOCK, RATIONAL, TIME_BASE
from .output import Output
from .parts import Part
from .sound import RATE, Sound
from .stored import Piece

_X264 = {"preset": "veryfast", "crf": "20", "threads": "2"}
_KEYS = 2  # seconds between two keyframes: where a player can go to
_NEAR = CLOCK // 1000  # ticks: a time in milliseconds means the frame at it


class Encoder:
    """Encodes parts of a session into a file, one after the other, as H.264 and AAC."""

    def __init__(
        self,
        output: Output,
        on_seconds: Callable[[float], None],
        places: Callable[[Part], Callable[[int], Sequence[Place]]] | None,
        *,
        rate: float,
        sound: bool,
    ) -> None:
        """`places` gives, for a part, what to draw at a media time (ms). `rate`: pictures a second. `sound`: it has a
        track of sound."""
        self._output = output
        self._on_seconds = on_seconds
        self._places = places
        self._rate = Fraction(rate if rate > 0 else 25).limit_denominator(1001)
        self._step = round(CLOCK / self._rate)
        self._with_sound = sound
        self._video: VideoStream | None = None
        self._sound: Sound | None = None
        self._end = 0  # ticks of the clip

    def run(self, parts: Sequence[Part], pieces: Callable[[Part], Iterable[Piece]]) -> list[Chapter]:
        """Raises NotFound if nothing of the parts is stored."""
        chapters = [chapter for part in parts if (chapter := self._part(part, pieces(part)))]
        if not chapters or self._video is None:
            raise NotFound("nothing of what was asked for is stored: it has expired, or was never sent")
        for packet in self._video.encode(None):
            self._mux(packet, self._video)
        if self._sound:
            self._sound.close()
        return chapters

    def _part(self, part: Part, pieces: Iterable[Piece]) -> Chapter | None:
        begin, shown = self._end, None
        start, end = round(part.start * CLOCK) - _NEAR, round(part.end * CLOCK) - _NEAR
        places = self._places(part) if self._places else None
        shift: int | None = None
        first = last = start
        early: list[AudioFrame] = []
        for one in decoded(pieces):
            if isinstance(one, Break):
                shift, early = None, []
                continue
            pts = one.pts or 0
            if isinstance(one, AudioFrame):
                if shift is None:
                    early.append(one)
                else:
                    self._hear(one, shift, first, end)
            elif start <= pts < end and (shift is None or pts > last):
                if shift is None:
                    shift, first = self._end - pts, pts
                    shown = pts if shown is None else shown
                self._show(one, shift, places, key=pts == first)
                last = pts
                for frame in early:
                    self._hear(frame, shift, first, end)
                early = []
        if shown is None:
            return None
        if self._sound:
            self._sound.fill(self._end)
        return Chapter(begin / CLOCK, self._end / CLOCK, shown / CLOCK, part.title)

    def _show(
        self, frame: VideoFrame, shift: int, places: Callable[[int], Sequence[Place]] | None, *, key: bool
    ) -> None:
        video = self._video or self._begin(frame)
        found = places(round((frame.pts or 0) * 1000 / CLOCK)) if places else ()
        picture = _fitted(frame, video.width, video.height, found)
        picture.pts, picture.time_base = (frame.pts or 0) + shift, TIME_BASE
        picture.pict_type = PictureType.I if key else PictureType.NONE
        self._end = picture.pts + self._step
        for packet in video.encode(picture):
            self._mux(packet, video)
        self._on_seconds(self._end / CLOCK)

    def _hear(self, frame: AudioFrame, shift: int, first: int, end: int) -> None:
        if self._sound:
            self._sound.add(frame, (frame.pts or 0) + shift, first + shift, end + shift)

    def _begin(self, frame: VideoFrame) -> VideoStream:
        """The tracks, as the first picture is."""
        container = self._output.container
        video = container.add_stream("libx264", rate=self._rate, options=_X264)
        video.width, video.height, video.pix_fmt = frame.width // 2 * 2, frame.height // 2 * 2, "yuv420p"
        context = video.codec_context
        context.time_base = TIME_BASE
        context.gop_size = max(1, round(_KEYS * self._rate))
        context.color_range, context.colorspace = frame.color_range, frame.colorspace
        context.color_primaries, context.color_trc = frame.color_primaries, frame.color_trc
        if self._with_sound:
            audio: AudioStream = container.add_stream("aac", rate=RATE)
            audio.codec_context.layout = "stereo"
            audio.codec_context.bit_rate = 128_000
            self._sound = Sound(audio, lambda packet: self._mux(packet, audio))
        try:
            container.start_encoding()
        except FFmpegError as error:
            raise UnsupportedMedia(
                f"no clip can be made of a picture of {frame.width} × {frame.height}: {error.strerror}"
            ) from None
        self._video = video
        return video

    def _mux(self, packet: Packet[Any], stream: Stream) -> None:
        packet.rescale_ts(RATIONAL)
        pts = packet.pts or 0
        self._output.mux(packet, stream, pts, pts if packet.dts is None else packet.dts)


def _fitted(frame: VideoFrame, width: int, height: int, places: Sequence[Place]) -> VideoFrame:
    """The frame in the clip's size, with black beside it if it has another aspect, and with boxes."""
    scale = min(width / frame.width, height / frame.height)
    w, h = (min(most, round(side * scale / 2) * 2) for most, side in ((width, frame.width), (height, frame.height)))
    if (w, h) == (width, height) and not places:
        return frame.reformat(width, height, "yuv420p")
    planes = planes_of(frame, w, h)
    draw(planes, w, h, places)
    whole = planes if (w, h) == (width, height) else _on_black(planes, w, h, width, height)
    fitted = VideoFrame.from_ndarray(whole, "yuv420p")
    fitted.colorspace, fitted.color_range = frame.colorspace, frame.color_range
    return fitted


def _on_black(planes: Planes, w: int, h: int, width: int, height: int) -> Planes:
    whole = np.concatenate([np.full(width * height, 16, np.uint8), np.full(width * height // 2, 128, np.uint8)])
    left, top = (width - w) // 4 * 2, (height - h) // 4 * 2
    sizes = [(width, height, w, h, left, top), *[(width // 2, height // 2, w // 2, h // 2, left // 2, top // 2)] * 2]
    source, at, to = planes.reshape(-1), 0, 0
    for across, down, wide, tall, x, y in sizes:
        plane = whole[to : to + across * down].reshape(down, across)
        plane[y : y + tall, x : x + wide] = source[at : at + wide * tall].reshape(tall, wide)
        at, to = at + wide * tall, to + across * down
    return whole.reshape(height * 3 // 2, width)
