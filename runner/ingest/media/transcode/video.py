"""Transcodes codecs that browsers cannot play in MPEG-TS to H.264 and AAC, fast enough for live video."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol, TypeVar

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.error import FFmpegError, InvalidDataError
from av.packet import Packet
from av.stream import Stream
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from pipeline.domain.errors import UnsupportedMedia
from pipeline.media.limits import LARGEST, Largest, check_size

from .. import h264
from ..units import CLOCK, RATIONAL, TIME_BASE, Format, Unit
from . import memory
from .picture_filter import UPRIGHT, PictureFilter, Turn, size_of

Frame = TypeVar("Frame")

_RATE = 48_000
_AAC_STEP = CLOCK * 1024 // _RATE
_X264 = {
    "preset": "veryfast",
    "tune": "zerolatency",
    "crf": "23",
    "maxrate": "4M",
    "bufsize": "8M",
    "sc_threshold": "0",  # keyframes only where `_timed` asks for them
    "forced-idr": "1",
    "threads": "2",
}


@dataclass(frozen=True, slots=True)
class _Look:
    """What an encoder is set up for: size in pixels; matrix, primaries and transfer as FFmpeg numbers them."""

    width: int
    height: int
    colors: tuple[int, int, int] = (2, 2, 2)  # not known


@dataclass(slots=True)
class Stills:
    """How often a picture may still be shown again: a small file of distant times must not become a long one."""

    left: int = 10_000


class VideoTranscoder:
    """Transcodes to H.264, 8-bit 4:2:0, with an IDR every `interval` ticks. A change of size restarts the encoder.

    Larger pictures than a segment may have are made smaller.

    Where no picture comes for longer than that, the one before is shown again: a segment begins with each.
    """

    def __init__(
        self,
        stream: VideoStream,
        interval: int,
        turn: Turn = UPRIGHT,
        stills: Stills | None = None,
        largest: Largest = LARGEST,
    ) -> None:
        """`turn`: of the first picture, if it is known. Each picture says its own. `stills`: see Stills. `largest`: of
        the pictures that come."""
        self._largest = largest
        self._stills = stills or Stills()
        self._stream = stream
        self._decoder = stream.codec_context
        self._filter = PictureFilter()
        self._interval = interval
        self._due: int | None = None
        self._shown: VideoFrame | None = None
        self._last = -1
        rate = stream.average_rate or stream.guessed_rate or Fraction(30)
        self._rate = Fraction(rate.numerator, rate.denominator)
        self._step = round(CLOCK / rate)
        self._changed = False
        self._codec: str | None = None
        self._encode_at(_Look(*size_of(stream.width, stream.height, stream.sample_aspect_ratio, turn)))

    @property
    def format(self) -> Format:
        """See Picture."""
        return Format(self._codec, self.template.width, self.template.height)

    def _encode_at(self, look: _Look) -> None:
        self._look = look
        self.effort = float(look.width * look.height * self._rate)
        self._scratch = av.open(io.BytesIO(), "w", format="mpegts")  # only holds the encoder
        self.template: VideoStream = self._scratch.add_stream("libx264", rate=self._rate, options=_X264)
        self.template.width, self.template.height = look.width, look.height
        self.template.pix_fmt = "yuv420p"
        context = self.template.codec_context
        context.time_base = TIME_BASE
        context.gop_size = 10_000
        context.color_range = 1  # limited
        context.colorspace, context.color_primaries, context.color_trc = look.colors
        try:
            self._scratch.start_encoding()
        except FFmpegError as error:
            size = f"{self._decoder.width} × {self._decoder.height}"
            raise UnsupportedMedia(
                f"found a picture of {size} at {float(self._rate):g} frames a second, of which no H.264 can be made "
                f"({error.strerror}): send another size or rate"
            ) from error

    def feed(self, unit: Unit) -> Iterator[Unit]:
        """Transcodes the pictures of one packet."""
        yield from self._decode(_clocked(unit))

    def flush(self, until: int = 0) -> Iterator[Unit]:
        """The pictures that decoder, filters and encoder buffered. The last one is shown up to `until` (ticks)."""
        yield from self._decode(None)
        for frame in self._filter.rest():
            yield from self._encode(frame)
        outlasted = self._shown is not None and until - self._last > self._interval
        yield from self.still(until)
        if outlasted and until - self._last > 2 * self._step:  # the last segment reaches up to there
            yield from self._again(until - self._step)
        for packet in self.template.encode(None):
            yield self._unit(packet)

    def still(self, until: int) -> Iterator[Unit]:
        """Shows the picture before again, up to `until` (ticks)."""
        while self._shown and self._stills.left and self._last + self._interval < until:
            yield from self._again(self._last + self._interval)

    def _again(self, at: int) -> Iterator[Unit]:
        assert self._shown is not None
        self._stills.left -= 1
        self._shown.pts = at
        for packet in self.template.encode(self._timed(self._shown)):
            yield self._unit(packet)

    def _decode(self, packet: Packet[Stream] | None) -> Iterator[Unit]:
        frames = _decoded(self._decoder, packet)
        check_size(
            self._decoder.width, self._decoder.height, self._largest
        )  # a decoder refuses larger pictures without a word
        if self._decoder.width * self._decoder.height > LARGEST.pixels:
            memory.check()
        for decoded in frames:
            if decoded.pts is None:
                decoded.pts = self._last + self._step
            decoded.time_base = TIME_BASE
            for frame in self._filter.frames(decoded, self._aspect()):
                yield from self._encode(frame)

    def _aspect(self) -> Fraction | None:
        """Of a pixel: the container's word, or the decoder's, which may change."""
        return self._stream.sample_aspect_ratio or self._decoder.sample_aspect_ratio

    def _encode(self, frame: VideoFrame) -> Iterator[Unit]:
        look = _Look(
            frame.width, frame.height, (int(frame.colorspace), int(frame.color_primaries), int(frame.color_trc))
        )
        if look != self._look:
            yield from self._resize(look)
        yield from self.still(frame.pts or 0)
        self._shown = frame
        for packet in self.template.encode(self._timed(frame)):
            yield self._unit(packet)

    def _resize(self, look: _Look) -> Iterator[Unit]:
        """Flushes the encoder and replaces it by one of another size."""
        for packet in self.template.encode(None):
            yield self._unit(packet)
        self._encode_at(look)
        self._due, self._changed, self._shown = None, self._last >= 0, None

    def _timed(self, out: VideoFrame) -> VideoFrame:
        pts = self._last = max(out.pts or 0, self._last + 1)
        out.pts, out.time_base = pts, TIME_BASE
        due = self._due is None or pts >= self._due
        out.pict_type = PictureType.I if due else PictureType.NONE
        if due:
            self._due = (
                pts + self._interval
                if self._due is None or pts > self._due + self._interval
                else (self._due + self._interval)
            )
        return out

    def _unit(self, packet: Packet[Stream]) -> Unit:
        unit = _unit(packet, True, self._step)
        if unit.key:
            self._codec = h264.codec_string(bytes(packet)) or self._codec
        unit.fresh, self._changed = self._changed and unit.key, self._changed and not unit.key
        return unit


class AudioTranscoder:
    """Transcodes to stereo AAC at 48 kHz."""

    def __init__(self, stream: AudioStream) -> None:
        self._decoder = stream.codec_context
        self._scratch = av.open(io.BytesIO(), "w", format="mpegts")
        self.template: AudioStream = self._scratch.add_stream("aac", rate=_RATE)
        self.template.codec_context.layout = "stereo"
        self.template.codec_context.bit_rate = 128_000
        self._scratch.start_encoding()
        self._last = -_AAC_STEP
        self._resampler: AudioResampler | None = None
        self._shape: object = None

    def feed(self, unit: Unit) -> Iterator[Unit]:
        """Transcodes the sound of one packet."""
        for frame in _decoded(self._decoder, _clocked(unit)):
            yield from self._encode(self._resampled(frame))

    def flush(self) -> Iterator[Unit]:
        """The sound that decoder, resampler and encoder buffered."""
        for frame in _decoded(self._decoder, None):
            yield from self._encode(self._resampled(frame))
        if self._resampler:
            yield from self._encode(self._resampler.resample(None))
        yield from self._encode([None])

    def _resampled(self, frame: AudioFrame) -> list[AudioFrame]:
        """The frame in the encoder's format. The source may change its format: broadcasters go from stereo to 5.1."""
        shape = frame.format.name, frame.layout.name, frame.sample_rate, frame.time_base
        held: list[AudioFrame] = []
        if self._resampler is None or shape != self._shape:
            held = self._resampler.resample(None) if self._resampler else []
            self._resampler = AudioResampler("fltp", "stereo", _RATE, self.template.codec_context.frame_size)
            self._shape = shape
        try:
            return [*held, *self._resampler.resample(frame)]
        except FFmpegError:  # damaged: 42 channels without a layout
            self._resampler = None
            return held

    def _encode(self, frames: list[AudioFrame] | list[None]) -> Iterator[Unit]:
        for frame in frames:
            for packet in self.template.encode(frame):
                unit = _unit(packet, False, _AAC_STEP)
                if unit.dts <= self._last:  # a damaged time moved the resampler back
                    unit.pts = unit.dts = self._last + _AAC_STEP
                self._last = unit.dts
                yield unit


class _Decoder(Protocol[Frame]):
    def decode(self, packet: Packet[Stream] | None, /) -> list[Frame]: ...


def _decoded(decoder: _Decoder[Frame], packet: Packet[Stream] | None) -> list[Frame]:
    """The frames of a packet; none if it is damaged."""
    try:
        return decoder.decode(packet)
    except InvalidDataError:
        return []


def _clocked(unit: Unit) -> Packet[Stream]:
    """The unit's packet with its repaired times, so that the decoder stamps frames with them."""
    unit.packet.time_base = TIME_BASE
    unit.packet.pts, unit.packet.dts = unit.pts, unit.dts
    return unit.packet


def _unit(packet: Packet[Stream], video: bool, step: int) -> Unit:
    packet.rescale_ts(RATIONAL)
    pts = packet.pts or 0
    dts = pts if packet.dts is None else packet.dts
    return Unit(packet, video, pts, dts, packet.duration or step, key=video and packet.is_keyframe)
