"""A video as a live stream: copied packet by packet into a container that can be read while it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import av
from av.container import InputContainer

from .source import Source, Timed, open_source, packets, wanted

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


class Remuxer:
    """One container: MPEG-TS, or Matroska where the codecs need that."""

    def __init__(self, container: InputContainer) -> None:
        self._sink = _Sink()
        self._sent_at = 0.0
        streams = wanted(container)
        fits = all(stream.codec_context.name in _TRANSPORT for stream in streams)
        options = {"flush_packets": "1"} if fits else {"flush_packets": "1", "live": "1"}
        self._output = av.open(self._sink, "w", format="mpegts" if fits else "matroska", options=options)
        self._streams = {stream.index: self._output.add_stream_from_template(stream) for stream in streams}

    def feed(self, timed: Timed) -> Chunk | None:
        """Takes a packet; what is ready to be sent, once that is worth it."""
        timed.packet.stream = self._streams[timed.packet.stream.index]
        self._output.mux_one(timed.packet)
        sink, waited = self._sink, timed.at - self._sent_at
        if sink.size >= _CHUNK_BYTES or (sink.size and waited >= _CHUNK_SECONDS):
            self._sent_at = timed.at
            return Chunk(timed.at, sink.take())
        return None

    def finish(self) -> Chunk:
        """The rest."""
        self._output.close()
        return Chunk(self._sent_at, self._sink.take())


def remuxed(timed: Iterable[Timed], seconds: float | None = None) -> Iterator[Chunk]:
    """`timed` in one container, up to `seconds` of the source."""
    remuxer: Remuxer | None = None
    for one in timed:
        if seconds is not None and one.at >= seconds:
            break
        remuxer = remuxer or Remuxer(one.container)
        if chunk := remuxer.feed(one):
            yield chunk
    if remuxer is not None:
        yield remuxer.finish()


def live(source: str, *, loop: bool = False, seconds: float | None = None) -> Iterator[Chunk]:
    """`source` (a path, or any address that PyAV opens) as a live stream.

    With `loop` it begins again at its end, timestamps rising on. `seconds` ends it, and loops it if it is shorter.
    Raises UnsupportedMedia.
    """
    opened = Source(source, again=loop or seconds is not None)
    yield from remuxed(packets(opened, open_source(opened)), seconds)
