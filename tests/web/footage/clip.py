"""A synthetic stream: every frame carries its number in black and white cells, and a box whose place follows from it.

H.264 with B-frames and AAC whose packets lead the picture, in MPEG-TS segments cut on keyframes, as an encoder's own
stream would be: what makes a player's clock inexact is in it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from emulator.paths import CACHE

WIDTH, HEIGHT, FPS = 640, 360, 30
X, Y, CELL, BITS = 16, 16, 12, 16
GOP = 60  # frames: a segment is 2 s
BOX = (0.14, 0.2)  # width, height, of the frame
BASE = 10  # s: where the encoder's clock begins; no player sees it
KNOT = 15  # frames between the instants at which the box turns: there the stream is "sampled"
STARTED = datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)


def box(frame: float) -> dict[str, float]:
    """Where the box lies on a frame: straight lines between knots, never at rest, in 0..1."""
    knot, part = int(frame // KNOT), frame % KNOT / KNOT
    return {
        "x": _corner(knot, 0) * (1 - part) + _corner(knot + 1, 0) * part,
        "y": _corner(knot, 1) * (1 - part) + _corner(knot + 1, 1) * part,
        "width": BOX[0],
        "height": BOX[1],
    }


def _corner(knot: int, axis: int) -> float:
    if axis == 0:
        return (0.06, 0.46, 0.78, 0.38)[knot % 4]
    return (0.3, 0.62, 0.42)[knot % 3]


@dataclass
class Clip:
    """Segments in a folder: `starts` are media times of their first frames, with the end of the last one behind."""

    folder: Path
    segments: list[str] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)

    @property
    def duration(self) -> float:
        return self.starts[-1]

    def playlist(self, first: int, count: int, *, end: bool) -> str:
        """A media playlist of `count` segments from `first`. `end`: nothing follows."""
        last = min(first + count, len(self.segments))
        lines = ["#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:2", f"#EXT-X-MEDIA-SEQUENCE:{first}"]
        for at in range(first, last):
            when = (STARTED + timedelta(seconds=self.starts[at])).isoformat(timespec="milliseconds")
            lines += [
                f"#EXT-X-PROGRAM-DATE-TIME:{when}",
                f"#EXTINF:{self.starts[at + 1] - self.starts[at]:.6f},",
                self.segments[at],
            ]
        return "\n".join([*lines, "#EXT-X-ENDLIST", ""] if end else [*lines, ""])


def make(folder: Path, seconds: int, *, b_frames: int, audio_lead: float, quiet: float = 0.0) -> Clip:
    """Writes the segments of a clip. `audio_lead`: seconds by which audio starts before the picture in each.

    `quiet`: seconds at the end that have no sound, as a sender that broke off leaves them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    whole = folder / "whole.ts"
    shutil.copyfile(_encoded(seconds, b_frames, audio_lead, quiet), whole)
    clip = Clip(folder)
    with av.open(str(whole)) as source:
        streams = source.streams.video[0], source.streams.audio[0]
        packets = [packet for packet in source.demux(*streams) if packet.dts is not None]
        for number in range(seconds * FPS // GOP):
            clip.segments.append(f"{number:08d}.ts")
            clip.starts.append(number * GOP / FPS)
            _mux(folder / clip.segments[-1], _of_segment(packets, number, audio_lead), streams)
    clip.starts.append(float(seconds))
    whole.unlink()
    return clip


def _of_segment(packets: list[av.Packet], number: int, audio_lead: float) -> Iterator[av.Packet]:
    """A closed group of pictures, with the sound that an encoder would have sent by then."""
    keys = [packet.dts or 0 for packet in packets if packet.stream.type == "video" and packet.is_keyframe]
    following = keys[number + 1] if number + 1 < len(keys) else None
    begin, end = (BASE + at * GOP / FPS - audio_lead for at in (number, number + 1))
    for packet in packets:
        if packet.stream.type == "video":
            dts = packet.dts or 0
            inside = dts >= keys[number] and (following is None or dts < following)
        else:
            inside = begin - 0.001 <= float(packet.pts * packet.time_base) < end - 0.001
        if inside:
            yield packet


def _mux(path: Path, packets: Iterator[av.Packet], streams: tuple[av.VideoStream, av.AudioStream]) -> None:
    with av.open(str(path), "w", format="mpegts", options={"mpegts_copyts": "1"}) as output:
        to = {stream.index: output.add_stream_from_template(stream) for stream in streams}
        for packet in packets:
            packet.stream = to[packet.stream.index]
            output.mux(packet)


def _encoded(seconds: int, b_frames: int, audio_lead: float, quiet: float) -> Path:
    """The encoded clip of that recipe, for all runs of tests: encoding takes seconds of CPU."""
    recipe = f"{seconds} {b_frames} {audio_lead} {quiet} {av.__version__} {Path(__file__).read_text()}"
    kept = CACHE / "test-clips" / f"{hashlib.sha256(recipe.encode()).hexdigest()[:16]}.ts"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(f".{os.getpid()}.part")
        _encode(part, seconds, b_frames, audio_lead, quiet)
        part.replace(kept)
    return kept


def _encode(path: Path, seconds: int, b_frames: int, audio_lead: float, quiet: float) -> None:
    options = {"bf": str(b_frames), "b-adapt": "0", "sc_threshold": "0", "preset": "veryfast", "crf": "23"}
    with av.open(str(path), "w", format="mpegts", options={"mpegts_copyts": "1"}) as output:
        video = output.add_stream("libx264", rate=FPS, options={**options, "x264-params": "open-gop=0"})
        video.width, video.height, video.pix_fmt, video.gop_size = WIDTH, HEIGHT, "yuv420p", GOP
        video.time_base = Fraction(1, 90_000)
        sound = output.add_stream("aac", rate=48_000, layout="stereo")
        pieces = _sound(seconds - quiet, audio_lead)
        for number in range(seconds * FPS):
            frame = av.VideoFrame.from_ndarray(draw(number), format="rgb24")
            frame.pts, frame.time_base = (BASE * FPS + number) * 90_000 // FPS, Fraction(1, 90_000)
            output.mux(video.encode(frame))
            while (piece := next(pieces, None)) is not None:
                output.mux(sound.encode(piece))
                if piece.pts / 48_000 > BASE + number / FPS:
                    break
        output.mux(video.encode(None))
        output.mux(sound.encode(None))


def _sound(seconds: float, audio_lead: float) -> Iterator[av.AudioFrame]:
    """A quiet tone from `audio_lead` before the picture on."""
    for at in range(0, int((seconds + audio_lead) * 48_000), 1024):
        tone = np.sin(2 * np.pi * 440 * (np.arange(1024) + at) / 48_000).astype(np.float32) * 0.1
        piece = av.AudioFrame.from_ndarray(np.stack([tone, tone]), format="fltp", layout="stereo")
        piece.sample_rate = 48_000
        piece.pts, piece.time_base = int((BASE - audio_lead) * 48_000) + at, Fraction(1, 48_000)
        yield piece


def draw(number: int) -> np.ndarray:
    """A frame: a soft ground, the box, and the frame's number as cells (white, black, then bits, MSB first)."""
    picture = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    picture[:] = np.linspace((52, 71, 94), (118, 128, 140), HEIGHT)[:, None].astype(np.uint8)
    at = box(number)
    left, top = round(at["x"] * WIDTH), round(at["y"] * HEIGHT)
    picture[top : top + round(at["height"] * HEIGHT), left : left + round(at["width"] * WIDTH)] = (230, 236, 242)
    picture[Y - 4 : Y + CELL + 4, X - 4 : X + CELL * (BITS + 2) + 4] = 0
    cells = [1, 0, *((number >> bit) & 1 for bit in range(BITS - 1, -1, -1))]
    for at_cell, white in enumerate(cells):
        picture[Y : Y + CELL, X + at_cell * CELL : X + (at_cell + 1) * CELL] = 255 * white
    return picture


def jpeg(number: int) -> bytes:
    """The same frame as a snapshot."""
    return cv2.imencode(".jpg", draw(number)[:, :, ::-1])[1].tobytes()
