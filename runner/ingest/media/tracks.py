"""Tracks that copy H.264 and AAC. See transcode/ for other codecs."""

from __future__ import annotations

import io
from collections.abc import Iterable
from contextlib import suppress

import av
from av.audio.stream import AudioStream
from av.bitstream import BitStreamFilterContext
from av.codec.context import CodecContext
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from pipeline.media import containers
from pipeline.media.limits import LARGEST, Largest, check_size

from . import adts, h264
from .cut import CutRule
from .transcode.video import AudioTranscoder, VideoTranscoder
from .units import Format, Picture, Track, Unit

_PLAYABLE = ("yuv420p", "yuvj420p")  # 8 bit 4:2:0: all that browsers' H.264 decoders take


class Copy:
    """Passes packets on unchanged."""

    def __init__(self, stream: VideoStream | AudioStream) -> None:
        # A stream of its own: FFmpeg's takes on another codec when the input's tables change, before all is written.
        self._scratch = av.open(io.BytesIO(), "w", format="mpegts")
        self.template = self._scratch.add_stream_from_template(stream)

    def feed(self, unit: Unit) -> Iterable[Unit]:
        """Passes the unit on."""
        return (unit,)

    def flush(self) -> Iterable[Unit]:
        """No packets are buffered."""
        return ()


class CopyPictures(Copy):
    """Passes H.264 on in Annex B, and marks the pictures at which a decoder can start, or must be set up again."""

    effort = 0.0

    def __init__(self, stream: VideoStream) -> None:
        super().__init__(stream)
        extradata = stream.codec_context.extradata
        framed = h264.is_avcc(extradata)
        # It also takes in the new parameter sets that an encoder sends apart from its pictures.
        self._filter = BitStreamFilterContext("h264_mp4toannexb", stream) if framed else None
        self._sets = h264.ParameterSets(None if framed else extradata)
        self._sequence = b""
        self.format = Format(h264.codec_string(extradata), stream.width, stream.height)

    def feed(self, unit: Unit) -> Iterable[Unit]:
        """The unit, or nothing if it is damaged. `key`: an IDR picture that a decoder can start at. `fresh`: the format
        changes here."""
        if unit.packet.is_discard:  # cut away by an edit list: the keyframe after it is the first
            return ()
        if self._filter:
            try:
                [unit.packet] = self._filter.filter(unit.packet)
            except (FFmpegError, ValueError):
                return ()
        if unit.packet.is_keyframe:
            self._start(unit, bytes(unit.packet))
        return (unit,)

    def _start(self, unit: Unit, picture: bytes) -> None:
        unit.open = not h264.starts_afresh(picture, None)
        complete = None if unit.open else self._sets.complete(picture)
        if complete is None:
            return
        unit.key = True
        if complete != picture:
            unit.packet = _keyframe(complete)
        if self._sequence and self._sets.sequence != self._sequence:
            unit.fresh = True
            self.format = _format(complete, self._sets.sequence) or self.format
        self._sequence = self._sets.sequence


class _Headers:
    """Puts ADTS headers before raw AAC, which say its form: `config`, an AudioSpecificConfig."""

    def __init__(self, template: Stream, config: bytes) -> None:
        self._parts: list[bytes] = []
        self._output = av.open(self, "w", format="adts", options={"flush_packets": "1"})
        self._stream = self._output.add_stream_from_template(template)
        self._stream.codec_context.extradata = config

    def write(self, data: bytes) -> int:
        """Takes what the muxer writes."""
        self._parts.append(bytes(data))
        return len(data)

    def before(self, packet: Packet[Stream]) -> Packet[Stream]:
        """The frame with its header; the frame alone where ADTS has none for its form."""
        self._parts.clear()
        packet.stream = self._stream
        with suppress(FFmpegError):
            self._output.mux_one(packet)
        return Packet(b"".join(self._parts)) if self._parts else packet


class CopySound(Copy):
    """Passes AAC on, and counts the changes of its form: broadcasters go from stereo to 5.1 and back.

    The form stands in ADTS headers, or else in the container: in its head, and where that changes, beside the packet.
    """

    def __init__(self, stream: AudioStream) -> None:
        super().__init__(stream)
        self._form: int | None = None
        self._changes = 0
        self._config = stream.codec_context.extradata
        self._headers: _Headers | None = None  # once the form is no longer that of the template

    def feed(self, unit: Unit) -> Iterable[Unit]:
        """The unit; with an ADTS header where its form is another than the template's."""
        form = adts.form(unit.packet)
        if form is None:
            self._look_beside(unit.packet)
            if self._headers:
                unit.packet = self._headers.before(unit.packet)
        elif form != self._form:
            self._changes += self._form is not None
            self._form = form
        unit.form = self._changes
        return (unit,)

    def _look_beside(self, packet: Packet[Stream]) -> None:
        """Takes in another form that the container tells beside a packet of raw AAC."""
        if packet.has_sidedata("new_extradata"):
            config = bytes(memoryview(packet.get_sidedata("new_extradata")))
            if self._config and config != self._config:
                self._config = config
                self._changes += 1
                self._headers = _Headers(self.template, config)


def video_track(stream: VideoStream, rule: CutRule, largest: Largest = LARGEST) -> Picture:
    """Copies 8-bit 4:2:0 H.264 up to the size of a segment, transcodes anything else, with a keyframe every
    `rule.target`.

    Also where only the container says that its pixels are not square: MPEG-TS has no place for that.
    """
    told = (stream.sample_aspect_ratio or 1) == (stream.codec_context.sample_aspect_ratio or 1)
    fits = stream.width * stream.height <= LARGEST.pixels
    if stream.codec_context.name == "h264" and stream.pix_fmt in _PLAYABLE and told and fits:
        return CopyPictures(stream)
    return VideoTranscoder(stream, rule.target, largest=largest)


def audio_track(stream: AudioStream) -> Track:
    """Copies AAC, transcodes anything else to AAC at 48 kHz."""
    return CopySound(stream) if stream.codec_context.name == "aac" else AudioTranscoder(stream)


def _keyframe(data: bytes) -> Packet[Stream]:
    """A packet of these bytes; the muxer stamps it with its unit's times."""
    packet: Packet[Stream] = Packet(data)
    packet.is_keyframe = True
    return packet


def _format(picture: bytes, sequence: bytes) -> Format | None:
    """The format of an IDR picture, by decoding it; None if that fails. Raises UnsupportedMedia if it is too large."""
    decoder = CodecContext.create("h264", "r")
    containers.bound(decoder)
    try:
        frames = [*decoder.decode(_keyframe(picture)), *decoder.decode(None)]
    except FFmpegError:
        check_size(decoder.width, decoder.height)
        return None
    return Format(h264.codec_string(sequence), frames[0].width, frames[0].height) if frames else None
