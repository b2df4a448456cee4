"""A segment's packets on the clock of the session."""

from __future__ import annotations

import io
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.rational import AVRational
from av.stream import Stream
from av.video.stream import VideoStream

from pipeline.domain.errors import UnsupportedMedia
from pipeline.media.containers import check_decoder, decodable, first_video, open_container, packets
from pipeline.media.limits import check_size

from .stored import Piece

CLOCK = 90_000
TIME_BASE = Fraction(1, CLOCK)
RATIONAL = AVRational(1, CLOCK)


@dataclass(frozen=True, slots=True)
class Unit:
    """A packet. `pts` and `dts` are ticks of media time."""

    packet: Packet[Stream]
    video: bool
    pts: int
    dts: int

    @property
    def key(self) -> bool:
        """A picture from which decoding can begin."""
        return self.video and self.packet.is_keyframe


@dataclass(frozen=True, slots=True)
class Media:
    """The streams of a segment, and their packets in the order in which they are stored."""

    video: VideoStream
    audio: AudioStream | None
    units: list[Unit]

    @property
    def parameters(self) -> tuple[object, ...]:
        """What must be the same in two segments whose packets are to stand in one track."""
        context = self.video.codec_context
        sound = self.audio and (self.audio.codec_context.name, self.audio.sample_rate, self.audio.layout.name)
        return context.name, self.video.width, self.video.height, context.extradata, sound

    def keys(self) -> list[int]:
        """The times of the keyframes."""
        return [unit.pts for unit in self.units if unit.key]


@contextmanager
def opened(piece: Piece) -> Generator[Media | None]:
    """The segment's media; None if it can not be read. Raises UnsupportedMedia for a picture that is not accepted."""
    try:
        container = open_container(io.BytesIO(piece.read()), "mpegts")
    except FFmpegError:
        yield None
        return
    with container:
        video = first_video(container)
        if video is None:
            yield None
            return
        if decodable(video):
            check_decoder(video)
        check_size(video.width, video.height)
        audio = next((one for one in container.streams.audio if decodable(one)), None)
        yield Media(video, audio, _units(container, video, audio, round(piece.segment.media_time * CLOCK)))


def _units(container: InputContainer, video: VideoStream, audio: AudioStream | None, begin: int) -> list[Unit]:
    """The first picture is at `begin`, as for those who sample the segment."""
    found: list[Unit] = []
    start: int | None = None
    sound: list[Packet[Stream]] = []

    streams: list[Stream] = [video, audio] if audio else [video]
    for packet in packets(container, *streams):
        if not packet.size or packet.pts is None:
            continue
        picture = packet.stream.index == video.index
        if start is None:
            if not picture:
                sound.append(packet)
                continue
            start = packet.pts
            found += [_unit(one, False, begin - start) for one in sound]
        found.append(_unit(packet, picture, begin - start))
    if start is None:
        raise UnsupportedMedia("a segment has no pictures")
    return found


def _unit(packet: Packet[Stream], picture: bool, shift: int) -> Unit:
    """MPEG-TS has the same clock."""
    pts = packet.pts or 0
    dts = pts if packet.dts is None else packet.dts
    return Unit(packet, picture, pts + shift, dts + shift)
