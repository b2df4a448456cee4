"""Transcodes codecs that browsers cannot play in MPEG-TS to H.264 and AAC, fast enough for live video."""

from __future__ import annotations

import io
from collections.abc import Iterator
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
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream

from pipeline.domain.errors import UnsupportedMedia
from pipeline.media.limits import check_size

from .. import h264
from .picture_filter import Rotator
from ..units import CLOCK, RATIONAL, TIME_BASE, Format, Unit

Frame = TypeVar("Frame")

_RATE = 48_000
_AAC_STEP = CLOCK * 1024 // _RATE
_X264 = {
    "preset": "veryfast",
    "tune": "zerolatency",
    "crf": "23",
    "maxrate": "4M",
    "bufsize": "8M",
    "sc_threshold": "0",  # keyframes only where `_prepare` asks for them
    "forced-idr": "1",
    "threads": "2",
}


class VideoTranscoder:
    """Transcodes to H.264, 8-bit 4:2:0, with an IDR every `interval` ticks. A change of size restarts the encoder."""

    def __init__(self, stream: VideoStream, interval: int, rotation: int = 0) -> None:
        """`rotation`: counterclockwise degrees, a multiple of 90."""
        self._turn = Rotator(stream, rotation) if rotation else None
        self._decoder = stream.codec_context
        self._interval = interval
        self._due: int | None = None
        self._reformat = VideoReformatter()
        self._last = -1
        rate = stream.average_rate or stream.guessed_rate or Fraction(30)
        self._rate = Fraction(rate.numerator, rate.denominator)
        self._step = round(CLOCK / rate)
        self._changed = False
        self._encode_at(*((stream.height, stream.width) if rotation % 180 else (stream.width, stream.height)))

    @property
    def format(self) -> Format:
        """See Picture."""
        return Format(
            h264.codec_string(self.template.codec_context.extradata), self.template.width, self.template.height
        )

    def _encode_at(self, width: int, height: int) -> None:
        self.effort = float(width * height * self._rate)
        self._scratch = av.open(io.BytesIO(), "w", format="mpegts")  # only holds the encoder
        self.template: VideoStream = self._scratch.add_stream("libx264", rate=self._rate, options=_X264)
        self.template.width, self.template.height = width & ~1, height & ~1
        self.template.pix_fmt = "yuv420p"
        self.template.codec_context.time_base = TIME_BASE
        self.template.codec_context.gop_size = 10_000
        try:
            self._scratch.start_encoding()
        except FFmpegError as error:
            raise UnsupportedMedia(
                f"found a picture of {width} × {height} at {float(self._rate):g} frames a second, of which no H.264 "
                f"can be made ({error.strerror}): send another size or rate"
            ) from error

    def feed(self, unit: Unit) -> Iterator[Unit]:
        """Transcodes the pictures of one packet."""
        yield from self._decode(_clocked(unit))

    def flush(self) -> Iterator[Unit]:
        """The pictures that decoder and encoder buffered."""
        yield from self._decode(None)
        for packet in self.template.encode(None):
            yield self._unit(packet)

    def _decode(self, packet: Packet[Stream] | None) -> Iterator[Unit]:
        frames = _decoded(self._decoder, packet)
        check_size(self._decoder.width, self._decoder.height)  # a decoder refuses larger pictures without a word
        for decoded in frames:
            pts = decoded.pts
            frame = self._turn.turned(decoded) if self._turn else decoded
            if (frame.width & ~1, frame.height & ~1) != (self.template.width, self.template.height):
                yield from self._resize(frame.width, frame.height)
            for encoded in self.template.encode(self._prepare(frame, pts)):
                yield self._unit(encoded)

    def _resize(self, width: int, height: int) -> Iterator[Unit]:
        """Flushes the encoder and replaces it by one of another size."""
        for packet in self.template.encode(None):
            yield self._unit(packet)
        self._encode_at(width, height)
        self._due, self._changed = None, True

    def _prepare(self, turned: VideoFrame, pts: int | None) -> VideoFrame:
        pts = pts if pts is not None else self._last + self._step
        pts = self._last = max(pts, self._last + 1)
        out = self._reformat.reformat(turned, self.template.width, self.template.height, "yuv420p")
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
