"""Writes into packets what their container alone knows: the shape of pixels, and another form of AAC under way."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

import av
from av.audio.stream import AudioStream
from av.bitstream import BitStreamFilterContext
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream


class Rewriter(Protocol):
    """Rewrites the packets of one stream."""

    def packets(self, packet: Packet[Stream]) -> Sequence[Packet[Stream]]:
        """The packet with what it says of itself."""
        ...


def rewriter(source: Stream, target: Stream, *, transport: bool) -> Rewriter:
    """The rewriter of a stream; packets of most streams stay as they are. `transport`: what is written is MPEG-TS."""
    name = source.codec_context.name
    if isinstance(source, VideoStream) and name in ("h264", "hevc"):
        told, shape = source.codec_context.sample_aspect_ratio or 1, source.sample_aspect_ratio or 1
        if shape != told:
            return _Shape(f"{name}_metadata=sample_aspect_ratio={shape}", source, target)
    if transport and isinstance(source, AudioStream) and name == "aac" and source.codec_context.extradata:
        return _Form(source, source.codec_context.extradata)
    return _AsItIs()


class _AsItIs:
    """Leaves packets as they are."""

    def packets(self, packet: Packet[Stream]) -> Sequence[Packet[Stream]]:
        """See Rewriter."""
        return (packet,)


class _Shape:
    """Writes the shape of pixels into pictures where only their container knows it."""

    def __init__(self, description: str, source: VideoStream, target: Stream) -> None:
        self._filter = BitStreamFilterContext(description, source, target)

    def packets(self, packet: Packet[Stream]) -> Sequence[Packet[Stream]]:
        """See Rewriter."""
        try:
            return self._filter.filter(packet)
        except (FFmpegError, ValueError):
            return (packet,)  # damaged: ingest reports it better


class _Form:
    """Puts an ADTS header before each frame once a container has changed its form, such as from stereo to 5.1."""

    def __init__(self, source: AudioStream, config: bytes) -> None:
        self._source = source
        self._config = config
        self._headers: _Headers | None = None

    def packets(self, packet: Packet[Stream]) -> Sequence[Packet[Stream]]:
        """See Rewriter."""
        if packet.has_sidedata("new_extradata"):
            config = bytes(memoryview(packet.get_sidedata("new_extradata")))
            if config != self._config:
                self._config, self._headers = config, _Headers(self._source, config)
        return (self._headers.before(packet) if self._headers else packet,)


class _Headers:
    """Puts ADTS headers before raw AAC, which say its form: `config`, an AudioSpecificConfig."""

    def __init__(self, source: Stream, config: bytes) -> None:
        self._parts: list[bytes] = []
        self._output = av.open(self, "w", format="adts", options={"flush_packets": "1"})
        self._stream = self._output.add_stream_from_template(source)
        self._stream.codec_context.extradata = config

    def write(self, data: bytes) -> int:
        """Takes what FFmpeg's muxer writes."""
        self._parts.append(bytes(data))
        return len(data)

    def before(self, packet: Packet[Stream]) -> Packet[Stream]:
        """The frame with its header and its times; the frame alone where ADTS has none for its form."""
        self._parts.clear()
        base, dts, pts, duration = packet.time_base, packet.dts, packet.pts, packet.duration
        packet.stream = self._stream
        with suppress(FFmpegError):
            self._output.mux_one(packet)
        headed: Packet[Stream] = Packet(b"".join(self._parts)) if self._parts else packet
        headed.time_base, headed.dts, headed.pts, headed.duration = base, dts, pts, duration
        return headed
