"""What came of an input: times, lengths and forms of every stored segment, read by decoding it alone."""

from __future__ import annotations

import io
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from unittest import mock

import av

from ingest.hls import remux
from ingest.media.cut import CutRule
from ingest.media.files import open_file
from ingest.media.segmenter import Piece
from ingest.media.source import Media
from pipeline.domain.model import Segment, SegmentRef
from pipeline.domain.playlist import Playlist
from sender.remux import remuxed
from sender.source import Source, open_source, packets
from tests.lint.segments import lint_segment
from tests.unit.ingest import world
from tests.unit.ingest.world import Bytes, Memory, Records

_ORIGIN = 10.0  # s: docs/contracts.md, a segment's keyframe has the pts 10 s + media-time


@dataclass(frozen=True)
class Stored:
    """A stored segment. `pictures` and `sounds`: the pts of its packets, in seconds of media time, in order."""

    segment: Segment
    data: bytes
    pictures: list[float]
    sounds: list[float]

    @property
    def largest_hole(self) -> float:
        """The longest time between two packets of sound."""
        return holes(self.sounds)


@dataclass(frozen=True)
class Found:
    """What a way in made of an input."""

    segments: list[Stored]
    records: Records

    @property
    def starts(self) -> list[float]:
        return [round(one.segment.media_time, 2) for one in self.segments]

    @property
    def breaks(self) -> list[bool]:
        return [one.segment.discontinuity for one in self.segments]

    @property
    def pictures(self) -> list[float]:
        return [at for one in self.segments for at in one.pictures]

    @property
    def sounds(self) -> list[float]:
        return [at for one in self.segments for at in one.sounds]

    @property
    def ends(self) -> float:
        return self.segments[-1].segment.media_time + self.segments[-1].segment.duration


def holes(times: list[float]) -> float:
    return max((later - earlier for earlier, later in pairwise(times)), default=0.0)


def live(data: bytes) -> Found:
    """Sent to ingest as one body, as POST, WebSocket and RTMP's relay do."""
    storage, records = Memory(), Records()
    world.Publishing(storage, records).run(Bytes(data))
    return _found(storage, records)


def uploaded(data: bytes) -> Found:
    """Imported as a file."""
    storage, records = Memory(), Records()
    with mock.patch.object(world, "LiveFeed", lambda source: _File(data)):
        world.Publishing(storage, records).run(Bytes(b""))
    return _found(storage, records)


def cut_by_ffmpeg(path: str) -> Found:
    """Pushed as HLS: cut by ffmpeg into segments, each of which is measured and remuxed by itself."""
    found: list[Stored] = []
    at = 0.0
    with tempfile.TemporaryDirectory() as folder:
        command = [
            "ffmpeg",
            "-v",
            "error",
            "-i",
            path,
            "-c",
            "copy",
            "-f",
            "hls",
            "-hls_time",
            "2",
            "-hls_list_size",
            "0",
        ]
        subprocess.run([*command, f"{folder}/live.m3u8"], check=True)
        for number, piece in enumerate(sorted(Path(folder).glob("*.ts"), key=lambda one: int(one.stem[4:]))):
            data = piece.read_bytes()
            duration = remux.measure(data).duration
            segment = Segment(SegmentRef("cam", "s", number), at, duration, world.STARTED, False)
            found.append(_stored(segment, remux.convert(data, at)))
            at += duration
    return Found(found, Records())


def sent(path: str, *, again: bool = False, seconds: float | None = None) -> bytes:
    """What the sender makes of a file."""
    source = Source(path, again=again)
    return b"".join(chunk.data for chunk in remuxed(packets(source, open_source(source)), seconds))


class _File:
    """A file as a feed, without a bucket."""

    repeatable, broken = True, False

    def __init__(self, data: bytes) -> None:
        self._data = data

    def resume(self, stored: Playlist) -> Playlist:
        return stored

    def stretches(self, rule: CutRule) -> Iterator[Media]:
        yield open_file(io.BytesIO(self._data), rule)

    def begins(self, arrived: datetime) -> datetime:
        return world.STARTED

    def wants(self, piece: Piece) -> bool:
        return True


def _found(storage: Memory, records: Records) -> Found:
    return Found([_stored(segment, data) for segment, data in storage.segments], records)


def _stored(segment: Segment, data: bytes) -> Stored:
    assert lint_segment(data, segment.media_time) == []
    times: dict[str, list[float]] = {"video": [], "audio": []}
    with av.open(io.BytesIO(data), "r", format="mpegts") as container:
        for packet in container.demux():
            if packet.size and packet.pts is not None:
                times[packet.stream.type].append(float(packet.pts * packet.time_base) - _ORIGIN)
    shown = sorted(times["video"])
    assert len(set(shown)) == len(shown), "two pictures are shown at one time"
    return Stored(segment, data, shown, sorted(times["audio"]))
