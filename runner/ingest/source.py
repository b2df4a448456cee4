"""Opens a live input of unknown kind, and reads its packets.

Only demuxers of what is accepted may look at a stranger's bytes: FFmpeg has others that open files and addresses which
the input names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream

from pipeline.errors import UnsupportedMedia

from . import sniff
from .cut import CutRule
from .timeline import Timeline
from .tracks import audio_track, video_track
from .units import RATIONAL, Track, Unit

ACCEPTED = "MPEG-TS, FLV, fragmented MP4, Matroska or WebM, as one continuous body"
_DEMUXERS = "mpegts,flv,mov,matroska"
_BUFFER = 64 << 10  # bytes a read: 16 KiB cost three times as much
_PROBES = ((200_000, 500_000), (1_000_000, 2_000_000), (8_000_000, 12_000_000))  # bytes, microseconds


class Readable(Protocol):
    """Where bytes come from."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes, at least one unless the input has ended."""
        ...


class _Rewindable:
    """Keeps what was read until `forget`, so that a probe that saw too little can be repeated."""

    def __init__(self, source: Readable) -> None:
        self._source = source
        self._kept: bytearray | None = bytearray()
        self._at = 0

    def read(self, size: int) -> bytes:
        if self._kept is not None and self._at < len(self._kept):
            data = bytes(self._kept[self._at : self._at + size])
            self._at += len(data)
            if self._at == len(self._kept) and self._forgets:
                self._kept = None
            return data
        data = self._source.read(size)
        if self._kept is not None:
            self._kept += data
            self._at += len(data)
        return data

    _forgets = False

    def head(self, size: int) -> bytes:
        """The first bytes, without consuming them."""
        assert self._kept is not None
        while len(self._kept) < size:
            data = self._source.read(size - len(self._kept))
            if not data:
                break
            self._kept += data
        return bytes(self._kept[:size])

    def rewind(self) -> None:
        """Back to the first byte."""
        self._at = 0

    def forget(self) -> None:
        """No more rewinding: lets go of what has been read."""
        self._forgets = True
        if self._kept is not None and self._at == len(self._kept):
            self._kept = None


class Media:
    """An opened input: its container, the picture and the sound that are taken from it."""

    def __init__(self, container: InputContainer, rule: CutRule) -> None:
        self.container = container
        self.timeline = Timeline()
        self.video: VideoStream = container.streams.video[0]
        self.audio: AudioStream | None = next((s for s in container.streams.audio if _complete(s)), None)
        self.picture = video_track(self.video, rule)
        self.sound = audio_track(self.audio) if self.audio else None

    def units(self) -> Iterator[Unit]:
        """Every packet, in order, on one clock. Raises UnsupportedMedia where the input turns unreadable."""
        tracks: dict[int, Track] = {self.video.index: self.picture}
        if self.audio and self.sound:
            tracks[self.audio.index] = self.sound
        try:
            for packet in self.container.demux([self.container.streams[index] for index in tracks]):
                if not packet.size:
                    continue
                packet.rescale_ts(RATIONAL)
                duration = packet.duration or 0
                placed = self.timeline.place(packet.stream_index, packet.dts, packet.pts, duration)
                if placed:
                    video = packet.stream_index == self.video.index
                    yield from tracks[packet.stream_index].feed(Unit(packet, video, placed.pts, placed.dts, duration))
            for track in tracks.values():
                yield from track.flush()
        except FFmpegError as error:
            raise UnsupportedMedia(f"the stream became unreadable: {error.strerror}; accepted is {ACCEPTED}") from error


def open_media(source: Readable, rule: CutRule) -> Media:
    """Opens what `source` carries. Raises UnsupportedMedia, naming what was found and what is accepted."""
    rewindable = _Rewindable(source)
    sniff.check(rewindable.head(_BUFFER), ACCEPTED)
    found: InputContainer | None = None
    for size, duration in _PROBES:
        rewindable.rewind()
        found = _open(rewindable, size, duration)
        if _settled(found):
            break
    assert found is not None
    rewindable.forget()
    _require_video(found)
    return Media(found, rule)


def _open(source: Readable, size: int, duration: int) -> InputContainer:
    options = {"probesize": str(size), "analyzeduration": str(duration), "format_whitelist": _DEMUXERS}
    try:
        return av.open(source, "r", options=options, buffer_size=_BUFFER)
    except FFmpegError as error:
        raise UnsupportedMedia(
            f"this is not a video that can be read ({error.strerror}); accepted is {ACCEPTED}"
        ) from error


def _settled(container: InputContainer) -> bool:
    """Whether every stream that will be used has shown its parameters."""
    streams = [*container.streams.video[:1], *container.streams.audio[:1]]
    return bool(container.streams.video) and all(_complete(stream) for stream in streams)


def _complete(stream: VideoStream | AudioStream) -> bool:
    if isinstance(stream, AudioStream):
        return bool(stream.codec_context.sample_rate)
    return bool(stream.width and stream.pix_fmt)


def _require_video(container: InputContainer) -> None:
    video = next(iter(container.streams.video), None)
    if video is None:
        kinds = ", ".join(f"{s.type} ({s.codec_context.name})" for s in container.streams.audio) or "no stream"
        raise UnsupportedMedia(f"found {kinds} and no video in {container.format.long_name}; a video stream is needed")
    if not _complete(video):
        raise UnsupportedMedia(
            f"found {video.codec_context.name} video in {container.format.long_name} whose size could not be read: "
            "send its parameter sets and a keyframe within the first seconds"
        )
