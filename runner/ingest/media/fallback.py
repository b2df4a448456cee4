"""Copies the pictures of a file while they can be cut, and transcodes the others: its encoder cannot be asked again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from pipeline.media.limits import IN_FILE

from . import h264
from .cut import CutRule
from .timeline import GAPS_OF_FILES
from .tracks import CopyPictures
from .transcode.video import Stills, VideoTranscoder
from .units import Format, Unit

_MAX_BYTES = 64 << 20  # of packets that are held back


class Fallback:
    """A track that looks ahead to the next IDR picture before it copies what an earlier one begins.

    If none comes within the longest segment, it transcodes from there to the end. It transcodes a single group if no
    picture came for so long, or if an edit list cuts into it: only a decoder can begin between two keyframes. The last
    one, too, if sound goes on after it.
    """

    def __init__(self, copy: CopyPictures, stream: VideoStream, rule: CutRule) -> None:
        self.template = copy.template
        self._stream, self._rule, self._copy = stream, rule, copy
        self._extradata = stream.codec_context.extradata
        self._transcoder: VideoTranscoder | None = None
        self._ended: VideoTranscoder | None = None  # it has pictures left
        self._begun = self._switched = False
        self._stills = Stills()

    @property
    def effort(self) -> float:
        """See Picture."""
        return self._transcoder.effort if self._transcoder else 0.0

    @property
    def format(self) -> Format:
        """See Picture."""
        return (self._transcoder or self._copy).format

    def ahead(self, packets: Iterable[Packet[Stream]]) -> Iterator[Packet[Stream]]:
        """Passes on the packets of all streams, with times in ticks, once it is known how `feed` is to take them."""
        group: list[Packet[Stream]] = []
        rest, length = iter(packets), _Length(self._stream.index)
        for packet in rest:
            too_long = length.with_(packet) > self._rule.longest or length.size > _MAX_BYTES
            begins = self._begins(packet)
            if group and (begins or too_long):
                self._choose(too_long or any(self._is_cut(one) for one in group))
                yield from group
                group, length = [], _Length(self._stream.index)
                length.with_(packet)
            group.append(packet)
            if too_long and not begins:
                yield from group
                yield from rest
                return
        self._choose(any(self._is_cut(one) for one in group) or self._outlasted(group))
        yield from group

    def _begins(self, packet: Packet[Stream]) -> bool:
        mine = packet.stream_index == self._stream.index and packet.is_keyframe
        return mine and h264.starts_afresh(bytes(packet), self._extradata)

    def _is_cut(self, packet: Packet[Stream]) -> bool:
        return packet.is_discard and packet.stream_index == self._stream.index

    def _outlasted(self, group: list[Packet[Stream]]) -> bool:
        """Whether the sound goes on after the pictures for longer than a segment: the last one is shown till then."""
        ends: dict[bool, int] = {}
        for packet in group:
            at = packet.dts if packet.pts is None else packet.pts
            mine = packet.stream_index == self._stream.index
            ends[mine] = max(ends.get(mine, 0), (at or 0) + (packet.duration or 0))
        return ends.get(False, 0) - ends.get(True, 0) > self._rule.target and True in ends

    def _choose(self, transcodes: bool) -> None:
        if transcodes == (self._transcoder is not None):
            return
        self._switched = True
        if transcodes:
            self._transcoder = VideoTranscoder(self._stream, self._rule.target, stills=self._stills, largest=IN_FILE)
        else:
            self._ended, self._transcoder = self._transcoder, None

    def feed(self, unit: Unit) -> Iterator[Unit]:
        """The units of a packet that `ahead` has passed on."""
        if self._ended:
            yield from self._ended.flush(unit.pts)
            self._stream.codec_context.flush_buffers()
            self._ended = None
        yield from self._marked((self._transcoder or self._copy).feed(unit))

    def still(self, until: int) -> Iterator[Unit]:
        """See VideoTranscoder."""
        if self._transcoder and not self._ended:
            yield from self._marked(self._transcoder.still(until))

    def flush(self, until: int = 0) -> Iterator[Unit]:
        """See Track. The last picture is shown up to `until` (ticks) if it is transcoded."""
        if self._ended:
            yield from self._marked(self._ended.flush())
        if self._transcoder:
            yield from self._marked(self._transcoder.flush(until))

    def _marked(self, units: Iterable[Unit]) -> Iterator[Unit]:
        """The units; the first after a switch is one for which a decoder must be set up again."""
        for unit in units:
            if self._switched and unit.key:
                unit.fresh |= self._begun
                self._switched = False
            self._begun |= unit.key
            yield unit


class _Length:
    """The ticks of the pictures of a group, and the bytes of all its packets."""

    def __init__(self, video: int) -> None:
        self.size = 0
        self._video = video
        self._ticks = 0
        self._latest: int | None = None

    def with_(self, packet: Packet[Stream]) -> int:
        """The ticks with this packet, too. Jumps of a damaged clock do not count."""
        self.size += packet.size
        at = packet.dts if packet.pts is None else packet.pts
        if packet.stream_index == self._video and at is not None:
            passed = at - (at if self._latest is None else self._latest)
            self._ticks += passed if 0 < passed <= GAPS_OF_FILES else 0
            self._latest = at if passed > 0 or self._latest is None else self._latest
        return self._ticks
