"""H.264 and AAC pass as they are; see transcode.py for the rest."""

from __future__ import annotations

import io
from collections.abc import Iterable

import av
from av.audio.stream import AudioStream
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from . import nal
from .cut import CutRule
from .parameters import ParameterSets
from .transcode import AudioTranscoder, VideoTranscoder
from .units import Track, Unit

_PLAYABLE = ("yuv420p", "yuvj420p")  # 8 bit 4:2:0: all that browsers' H.264 decoders take


class Copy:
    """Passes packets on, and finds the pictures that a decoder can start at."""

    def __init__(self, stream: VideoStream | AudioStream) -> None:
        # A stream of its own: FFmpeg's takes on another codec when the input's tables change, before all is written.
        self._scratch = av.open(io.BytesIO(), "w", format="mpegts")
        self.template = self._scratch.add_stream_from_template(stream)
        self._extradata = stream.codec_context.extradata
        self._sets = None if nal.is_avcc(self._extradata) else ParameterSets(self._extradata)

    def feed(self, unit: Unit) -> Iterable[Unit]:
        """The unit, `key` set where it is an IDR picture that a decoder can start at."""
        if unit.video and unit.packet.is_keyframe:
            picture = bytes(unit.packet)
            unit.key = nal.starts_afresh(picture, self._extradata)
            if unit.key and self._sets:
                complete = self._sets.complete(picture)
                unit.key = complete is not None
                if complete is not None and complete != picture:
                    unit.packet = _keyframe(complete)
        return (unit,)

    def flush(self) -> Iterable[Unit]:
        """Nothing is held back."""
        return ()


def video_track(stream: VideoStream, rule: CutRule) -> Track:
    """Copies 8-bit 4:2:0 H.264, transcodes anything else with a keyframe every `rule.target`."""
    if stream.codec_context.name == "h264" and stream.pix_fmt in _PLAYABLE:
        return Copy(stream)
    return VideoTranscoder(stream, rule.target)


def audio_track(stream: AudioStream) -> Track:
    """Copies AAC, transcodes anything else to AAC at 48 kHz."""
    return Copy(stream) if stream.codec_context.name == "aac" else AudioTranscoder(stream)


def _keyframe(data: bytes) -> Packet[Stream]:
    """A packet of these bytes; the muxer stamps it with its unit's times."""
    packet: Packet[Stream] = Packet(data)
    packet.is_keyframe = True
    return packet
