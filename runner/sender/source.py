"""The source: a file, a device, or any address that FFmpeg opens, as packets with rising timestamps."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Disposition, Stream

from .encode import encoded, needs_encoding
from .errors import UnsupportedMedia
from .seek import ResumePoint, seek
from .tracks import pictures

_NOT_TAKEN = {"dca", "truehd", "mlp"}  # sound of cinemas, which ingest does not decode
_MAX_REORDERED = 32  # pictures: more than H.264 reorders
_MAX_WAITED = 2.0  # seconds of sound for which a picture waits for its decoding time
_TIMEOUT_SECONDS = (20.0, 20.0)  # to open an address, and between two reads of it


@dataclass(frozen=True, slots=True)
class Source:
    """`address` is a path or a URL; `format` names FFmpeg's demuxer if it cannot tell (v4l2, lavfi, x11grab).

    `again`: starts over at the end, with timestamps that keep rising.
    """

    address: str
    format: str | None = None
    options: dict[str, str] = field(default_factory=dict[str, str])
    again: bool = False


class NoVideo(UnsupportedMedia):
    """The source could be opened and has no video stream. `found`: what it has instead."""

    def __init__(self, message: str, found: str) -> None:
        super().__init__(message)
        self.found = found


@dataclass(frozen=True, slots=True)
class Timed:
    """A packet, its container, and the seconds of the source before it."""

    packet: Packet[Stream]
    container: InputContainer
    at: float

    @property
    def cuts(self) -> bool:
        """Whether a stream may begin here."""
        return self.packet.is_keyframe and self.packet.stream.type == "video"


def open_source(source: Source) -> InputContainer:
    """Opens the source. Raises UnsupportedMedia unless it is a video."""
    try:
        live = "://" in source.address
        # A file may be called "Interview: part 1.mp4", which FFmpeg takes for an address.
        container = av.open(
            f"file:{source.address}" if Path(source.address).is_file() else source.address,
            "r",
            format=source.format,
            options=source.options,
            timeout=_TIMEOUT_SECONDS if live else None,
        )
    except (FFmpegError, ValueError) as error:
        raise UnsupportedMedia(f"{source.address} cannot be opened as a video: {error}") from error
    if not pictures(container):
        found = ", ".join(f"{stream.codec_context.name} sound" for stream in container.streams.audio) or "no stream"
        container.close()
        raise NoVideo(f"{source.address} has {found} and no video stream", found)
    return encoded(container) if needs_encoding(container) else container


def wanted(container: InputContainer) -> list[Stream]:
    """The streams that are sent: the picture, and its sound: the default, or of the same programme."""
    video = pictures(container)[0]
    sounds = [one for one in container.streams.audio if one.codec_context.name not in _NOT_TAKEN]
    sounds = sounds or list(container.streams.audio)
    default = next((sound for sound in sounds if sound.disposition & Disposition.default), None)
    if default is None and len(sounds) > 1:
        best = container.streams.best("audio", related=video)
        default = best if best in sounds else None
    return [video, *([default] if default else sounds[:1])]


def is_live(container: InputContainer) -> bool:
    """Whether its length is unknown: then it is sent as it comes."""
    return not container.duration


def _dated(container: InputContainer) -> Generator[Packet[Stream]]:
    """The packets of what is sent. The first pictures of Matroska have no decoding times: they are counted back."""
    undated: list[Packet[Stream]] = []
    dated = False
    for packet in container.demux(wanted(container)):
        if packet.is_keyframe and packet.has_sidedata("encryption_info"):
            raise UnsupportedMedia(f"{container.name.removeprefix('file:')} is encrypted: send what every player opens")
        if not packet.size or packet.is_discard:
            continue  # a demuxer's marker of the end, or cut away by an edit list
        if packet.stream.type == "video" and not dated:
            dts = packet.dts
            if dts is None and len(undated) < _MAX_REORDERED:
                undated.append(packet)
                continue
            dated = True
            for early in reversed(undated):
                dts = None if dts is None else dts - (early.duration or 1)
                early.dts = dts
            yield from undated
        elif undated and not dated and _seconds(packet) - _seconds(undated[0]) > _MAX_WAITED:
            dated = True  # no other picture is near
            for early in undated:
                early.dts = early.pts
            yield from undated
        yield packet
    if not dated:
        yield from undated


def _seconds(packet: Packet[Stream]) -> float:
    return float((packet.pts or 0) * packet.time_base)


def packets(source: Source, first: InputContainer, position: float = 0.0) -> Generator[Timed]:
    """Packets of `first`, from the keyframe at or before `position` (s); each round continues the time of the last.

    Closes every container at its end. Raises UnsupportedMedia, and FFmpegError if the source cannot be read to its end.
    """
    place = seek(first, position, again=source.again) if position else ResumePoint()
    start, shift, begin = place.start, place.shift, place.begin
    at = 0.0
    last: dict[int, int] = {}
    for turn in count() if source.again else range(1):
        end = shift
        with closing(first if turn == 0 else open_source(source)) as container:
            for packet in _dated(container):
                if packet.dts is None or packet.pts is None:
                    continue
                base, index = packet.time_base, packet.stream.index
                if begin is not None and packet.dts * base < begin:
                    continue
                start = packet.dts * base if start is None else start
                move = round((shift - start) / base)
                packet.dts, packet.pts = packet.dts + move, packet.pts + move
                if packet.dts <= last.get(index, packet.dts - 1):
                    continue  # sound that outlasts the picture would overlap the next round
                last[index] = packet.dts
                if packet.stream.type == "video":
                    end = max(end, (packet.dts + (packet.duration or 1)) * base)
                at = max(at, float(packet.dts * base))
                yield Timed(packet, container, at)
        if end <= shift:
            raise UnsupportedMedia(f"{source.address} has no video packet to send")
        shift, begin = end, None
