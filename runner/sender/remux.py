"""Remuxes a video for live streaming: packet by packet into a container that can be read while it is written."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import cast

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.sidedata.sidedata import SideData, Type

from .errors import UnsupportedMedia
from .rewrite import rewriter
from .source import Timed, wanted
from .tracks import pictures

_CHUNK_BYTES = 64 * 1024  # the cheapest size for PyAV at the other end
_CHUNK_SECONDS = 0.1  # the longest that a packet waits for others
_WITH_MATRIX = ("mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm")
_UPRIGHT = b"".join(part.to_bytes(4, sys.byteorder) for part in (1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30))
_TRANSPORT = {"h264", "hevc", "mpeg2video", "mpeg1video", "aac", "mp3", "mp2", "ac3", "eac3", "opus"}


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes to send once `at` seconds of the stream have passed."""

    at: float
    data: bytes


@dataclass(slots=True)
class _Sink:
    """Bytes that the muxer has written since `take`."""

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


def _turns(container: InputContainer) -> bool:
    """Whether the container turns or mirrors its pictures: MPEG-TS has no place for that."""
    if container.format.name not in _WITH_MATRIX or not container.duration or "://" in container.name:
        return False
    try:
        with av.open(container.name) as again:
            frame = next(again.decode(pictures(again)[0]), None)
    except FFmpegError:
        return False  # damaged: ingest reports it better
    side_data = cast(Iterable[SideData], frame.side_data if frame else ())  # a mapping for PyAV's types only
    matrix = next((bytes(one) for one in side_data if one.type == Type.DISPLAYMATRIX), _UPRIGHT)
    return matrix[:20] != _UPRIGHT[:20]


class Remuxer:
    """One container: MPEG-TS, or Matroska where the codecs need that, or the source turns its pictures."""

    def __init__(self, container: InputContainer) -> None:
        self._sink = _Sink()
        self._sent_at = 0.0
        streams = wanted(container)
        fits = all(stream.codec_context.name in _TRANSPORT for stream in streams) and not _turns(container)
        options = {"flush_packets": "1"} if fits else {"flush_packets": "1", "live": "1"}
        self._output = av.open(self._sink, "w", format="mpegts" if fits else "matroska", options=options)
        try:
            # FFmpeg has no encoder by the name of every decoder (libdav1d), and none is needed.
            self._streams = {
                stream.index: self._output.add_stream_from_template(stream, opaque=True) for stream in streams
            }
        except ValueError as error:
            codecs = " and ".join(stream.codec_context.codec.canonical_name for stream in streams)
            raise UnsupportedMedia(f"{codecs} cannot be sent live: send H.264 and AAC, or upload the file") from error
        self._rewriters = {
            index: rewriter(container.streams[index], target, transport=fits) for index, target in self._streams.items()
        }

    def feed(self, timed: Timed) -> Chunk | None:
        """Takes a packet. Returns a chunk once there is enough to send."""
        index = timed.packet.stream.index
        for packet in self._rewriters[index].packets(timed.packet):
            packet.stream = self._streams[index]
            self._output.mux_one(packet)
        sink, waited = self._sink, timed.at - self._sent_at
        if sink.size >= _CHUNK_BYTES or (sink.size and waited >= _CHUNK_SECONDS):
            self._sent_at = timed.at
            return Chunk(timed.at, sink.take())
        return None

    def finish(self) -> Chunk:
        """The remaining bytes."""
        self._output.close()
        return Chunk(self._sent_at, self._sink.take())


def remuxed(timed: Iterable[Timed], seconds: float | None = None) -> Iterator[Chunk]:
    """Remuxes `timed` into one container, up to `seconds` of the source."""
    remuxer: Remuxer | None = None
    for one in timed:
        if seconds is not None and one.at >= seconds:
            break
        remuxer = remuxer or Remuxer(one.container)
        if chunk := remuxer.feed(one):
            yield chunk
    if remuxer is not None:
        yield remuxer.finish()
