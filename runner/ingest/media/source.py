"""An opened input: its packets, in order, on one clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from pipeline.domain.errors import UnsupportedMedia
from pipeline.media.containers import packets

from .adts import FrameTimes
from .cut import CutRule
from .fallback import Fallback
from .timeline import Timeline
from .tracks import audio_track, video_track
from .transcode.video import VideoTranscoder
from .truncation import ExpectedLength
from .units import CLOCK, RATIONAL, Picture, Track, Unit

_NEVER_ENCRYPTED = ("mpegts", "flv")  # as far as FFmpeg's demuxers know
_MAX_BEHIND = 4 * CLOCK  # ticks that a live picture may be behind its sound before the last one is shown again
_MAX_BEHIND_IN_FILE = 540 * CLOCK  # the same in a file, which may hold sound and pictures minutes apart
_MAX_REORDERED = 32  # pictures: more than H.264 reorders
_MAX_WAITED = 2 * CLOCK  # ticks of sound for which a picture waits for its decoding time


class Media:
    """An opened input: its first video stream and, if it has one, its first audio stream."""

    def __init__(
        self,
        container: InputContainer,
        video: VideoStream,
        audio: AudioStream | None,
        rule: CutRule,
        *,
        picture: Picture | None = None,
        expected: ExpectedLength | None = None,
        timeline: Timeline | None = None,
        whole: bool = False,
        head: Iterable[Packet[Stream]] = (),
        progress: Callable[[], None] = lambda: None,
    ) -> None:
        """`picture`: the track of the video, if already chosen. `expected`: the length that the input declares.

        `timeline`: how its times are repaired; by default as those of a live sender. `whole`: it is a file, in which
        sound and pictures may lie minutes apart. `head`: packets that were read already. `progress` is called for each
        packet.
        """
        self.container = container
        self.timeline = timeline or Timeline(time.monotonic)
        self.video = video
        self.picture = picture or video_track(video, rule)
        self._is_file = whole
        self._expected = expected
        self._heard = 0  # until then
        self._head = head
        # Frames of FLAC, and now and then PCM, begin like a header of AAC.
        self._frames = FrameTimes() if audio and audio.codec_context.name == "aac" else None
        self._progress = progress
        self._may_be_encrypted = container.format.name not in _NEVER_ENCRYPTED
        self._stills = self.picture if isinstance(self.picture, (VideoTranscoder, Fallback)) else None
        self.sound = audio_track(audio) if audio else None
        self._shown = video.index
        self._tracks: dict[int, Track] = {video.index: self.picture}
        if audio and self.sound:
            self._tracks[audio.index] = self.sound

    def units(self) -> Iterator[Unit]:
        """Every unit. Raises UnsupportedMedia if the input becomes unreadable."""
        with reading(self.container):
            packets = _dated(self._packets(), self.video.index)
            for packet in self.picture.ahead(packets) if isinstance(self.picture, Fallback) else packets:
                yield from self._place(packet)
            if self._is_file and self._stills:
                yield from self._stills.flush(self._heard)
                yield from self.sound.flush() if self.sound else ()
            else:
                for track in self._tracks.values():
                    yield from track.flush()
        if self._expected:
            self._expected.check()

    def _packets(self) -> Iterator[Packet[Stream]]:
        # All streams of a file count for its length: subtitles may end later than what is taken.
        wanted = self.container.streams if self._expected else [self.container.streams[at] for at in self._tracks]
        for packet in chain(self._head, packets(self.container, *wanted)):
            if packet.size:
                self._progress()
                if self._may_be_encrypted and packet.is_keyframe and packet.has_sidedata("encryption_info"):
                    raise UnsupportedMedia("the video is encrypted: send it as every player opens it, without DRM")
                packet.rescale_ts(RATIONAL)
                if self._expected:
                    self._expected.add(packet)
                if packet.stream_index in self._tracks:
                    yield packet
            elif packet.dts is None:
                return  # the end: what follows only empties decoders

    def _place(self, packet: Packet[Stream]) -> Iterable[Unit]:
        index = packet.stream_index
        shown = index == self._shown
        if packet.is_discard and not shown:
            return ()  # cut away by an edit list; the pictures' track does so by itself
        frames = None if shown else self._frames
        duration = frames.mend(packet) if frames else packet.duration or 0
        placed = self.timeline.place(index, packet.dts, packet.pts, duration)
        if placed is None:
            return ()
        units = self._tracks[index].feed(Unit(packet, shown, placed.pts, placed.dts, placed.duration))
        if shown:
            return units
        self._heard = placed.pts + placed.duration
        if self._stills is None:
            return units
        until = placed.dts - (_MAX_BEHIND_IN_FILE if self._is_file else _MAX_BEHIND)
        return chain(self._stills.still(until), units)


@contextmanager
def reading(container: InputContainer) -> Generator[None]:
    """Raises UnsupportedMedia where the input becomes unreadable: damaged, or larger than FFmpeg may allocate."""
    try:
        yield
    except FFmpegError as error:
        raise UnsupportedMedia(
            f"the {container.format.long_name} stream became unreadable: {error.strerror}"
        ) from error


def _dated(packets: Iterable[Packet[Stream]], video: int) -> Iterator[Packet[Stream]]:
    """Adds missing decoding times to the first pictures, counting back from the first that has one.

    Matroska stores presentation times only, and FFmpeg derives decoding times once it has seen enough pictures.
    """
    undated: list[Packet[Stream]] = []
    known = False
    packets = iter(packets)
    for packet in packets:
        if packet.stream_index == video and not known:
            if packet.dts is None and len(undated) < _MAX_REORDERED:
                undated.append(packet)
                continue
            yield from _count_back(undated, packet.dts)
            yield packet
            yield from packets
            return
        elif undated and (packet.pts or 0) - (undated[0].pts or 0) > _MAX_WAITED:
            known = True  # no other picture is near
            yield from undated
            undated = []
        yield packet
    yield from undated


def _count_back(undated: list[Packet[Stream]], dts: int | None) -> Iterator[Packet[Stream]]:
    for packet in reversed(undated):
        if dts is not None:
            dts -= packet.duration or 1
            packet.dts = dts
    yield from undated
