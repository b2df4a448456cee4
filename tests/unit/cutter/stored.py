"""A session of numbered pictures, as segments that were stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
from tests.unit.ingest.clips import FPS, make_clip, number_of
from tests.unit.speech.spoken import segments

from cutter.parts import Part
from cutter.stored import Piece


@dataclass(frozen=True)
class Shown:
    """A file that was made: the number of each picture, when it is shown (s), and the file's chapters."""

    numbers: list[int]
    times: list[float]
    chapters: list[tuple[float | str, ...]]
    sound: float  # seconds


def session(path: Path, seconds: float, **options: object) -> list[Piece]:
    """The pieces of a session whose picture number N is shown at N / FPS seconds."""
    make_clip(path, seconds, **options)  # type: ignore[arg-type]
    return [Piece(segment, lambda data=data: data) for segment, data in segments(path)]


def within(pieces: Sequence[Piece], part: Part) -> Iterator[Piece]:
    """Those that a part needs."""
    return (piece for piece in pieces if piece.end > part.start and piece.segment.media_time < part.end)


def shown(path: Path) -> Shown:
    """Plays a file to its end."""
    with av.open(str(path)) as container:
        frames = [(number_of(frame), frame.time or 0.0) for frame in container.decode(video=0)]
        chapters = [
            (*(float(one[end] * (one["time_base"] or 1)) for end in ("start", "end")), one["metadata"].get("title", ""))
            for one in container.chapters()
        ]
        audio = container.streams.audio
        sound = float((audio[0].duration or 0) * (audio[0].time_base or 0)) if audio else 0.0
    return Shown([number for number, _ in frames], [time for _, time in frames], chapters, sound)


def at(seconds: float) -> int:
    """The number of the picture that is shown then."""
    return round(seconds * FPS)
