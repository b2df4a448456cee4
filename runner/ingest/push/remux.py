"""A video as a live stream: copied packet by packet into a container that can be read while it is written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count

import av
from av.container import InputContainer, OutputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream

from pipeline.errors import UnsupportedMedia

_CHUNK_BYTES = 64 * 1024  # PyAV at the other end reads pieces of this size cheapest
_CHUNK_SECONDS = 0.1  # but nothing waits longer than this for others
_TRANSPORT = {"h264", "hevc", "mpeg2video", "mpeg1video", "aac", "mp3", "mp2", "ac3", "eac3", "opus"}


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes to send once `at` seconds of the stream have passed."""

    at: float
    data: bytes


@dataclass(slots=True)
class _Sink:
    """What the muxer has written since it was last emptied."""

    parts: list[bytes] = field(default_factory=list[bytes])
    size: int = 0

    def write(self, data: bytes) -> int:
        self.parts.append(bytes(data))
        self.size += len(data)
        return len(data)

    def take(self) -> bytes:
        data = b"".join(self.parts)
        self.parts.clear()
        self.size = 0
        return data


def live(source: str, *, loop: bool = False, seconds: float | None = None) -> Iterator[Chunk]:
    """`source` (a path, or any address that PyAV opens) as MPEG-TS, or as Matroska where its codecs need that.

    With `loop` it begins again at its end, timestamps rising on. `seconds` ends it, and loops it if it is shorter.
    Raises UnsupportedMedia.
    """
    sink = _Sink()
    output: OutputContainer | None = None
    streams: dict[int, Stream] = {}
    sent_at = 0.0
    for packet, container, at in _packets(source, loop or seconds is not None):
        if seconds is not None and at >= seconds:
            break
        if output is None:
            output, streams = _output(sink, container)
        packet.stream = streams[packet.stream.index]
        output.mux_one(packet)
        if sink.size >= _CHUNK_BYTES or (sink.size and at - sent_at >= _CHUNK_SECONDS):
            sent_at = at
            yield Chunk(at, sink.take())
    if output is not None:
        output.close()
        yield Chunk(sent_at, sink.take())


def _packets(source: str, again: bool) -> Iterator[tuple[Packet[Stream], InputContainer, float]]:
    """Packets with their container and the seconds since the first; rounds follow on each other in time."""
    start: Fraction | None = None
    shift, at = Fraction(0), 0.0
    last: dict[int, int] = {}
    for _ in count() if again else range(1):
        end = shift
        with closing(_open(source)) as container:
            for packet in container.demux(_wanted(container)):
                if packet.dts is None or packet.pts is None:
                    continue  # what a demuxer sends at the end
                base, index = packet.time_base, packet.stream.index
                start = packet.dts * base if start is None else start
                move = round((shift - start) / base)
                packet.dts, packet.pts = packet.dts + move, packet.pts + move
                if packet.dts <= last.get(index, packet.dts - 1):
                    continue  # sound that outlasts the picture would overlap the next round
                last[index] = packet.dts
                if packet.stream.type == "video":
                    end = max(end, (packet.dts + (packet.duration or 1)) * base)
                at = max(at, float(packet.dts * base))
                yield packet, container, at
        if end <= shift:
            raise UnsupportedMedia(f"{source} has no picture that could be sent")
        shift = end


def _open(source: str) -> InputContainer:
    try:
        container = av.open(source)
    except FFmpegError as error:
        raise UnsupportedMedia(f"{source} cannot be opened as a video: {error}") from error
    if not container.streams.video:
        container.close()
        raise UnsupportedMedia(f"{source} has no video stream")
    return container


def _wanted(container: InputContainer) -> list[Stream]:
    return [container.streams.video[0], *container.streams.audio[:1]]


def _output(sink: _Sink, container: InputContainer) -> tuple[OutputContainer, dict[int, Stream]]:
    wanted = _wanted(container)
    fits = all(stream.codec_context.name in _TRANSPORT for stream in wanted)
    options = {"flush_packets": "1"} if fits else {"flush_packets": "1", "live": "1"}
    output = av.open(sink, "w", format="mpegts" if fits else "matroska", options=options)
    return output, {stream.index: output.add_stream_from_template(stream) for stream in wanted}
