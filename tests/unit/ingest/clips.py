"""Clips made on the spot: pictures that tell their own number, and a tone."""

from __future__ import annotations

import io
import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.audio.stream import AudioStream
from av.video.frame import PictureType
from av.video.stream import VideoStream

WIDTH, HEIGHT, FPS, RATE = 320, 180, 25, 48_000
_CELL, _BITS = 16, 12
_SUFFIX = {"flv": ".flv", "mp4": ".mp4", "matroska": ".mkv", "webm": ".webm"}
_QUICK: Mapping[str, dict[str, str]] = {
    "libx264": {"preset": "ultrafast", "bf": "2", "sc_threshold": "0", "forced-idr": "1", "threads": "1"},
    "libvpx": {"deadline": "realtime", "cpu-used": "8"},
}
_FRAGMENTED = ("-movflags", "frag_keyframe+empty_moov+default_base_moof+delay_moov")


@dataclass(frozen=True)
class Clip:
    """A clip on disk: how many pictures and AAC frames went in."""

    path: Path
    pictures: int
    sounds: int


def picture(number: int) -> av.VideoFrame:
    """A grey gradient with `number` in cells along the top, white for 1."""
    luma = np.tile(np.linspace(40, 200, WIDTH).astype(np.uint8), (HEIGHT, 1))
    for bit in range(_BITS):
        luma[:_CELL, bit * _CELL : (bit + 1) * _CELL] = 235 if number >> bit & 1 else 16
    planes = np.concatenate([luma, np.full((HEIGHT // 2, WIDTH), 128, np.uint8)])
    return av.VideoFrame.from_ndarray(planes, format="yuv420p")


def number_of(frame: av.VideoFrame) -> int:
    """The number in a decoded picture."""
    luma = frame.to_ndarray(format="gray")
    middles = [luma[_CELL // 2, bit * _CELL + _CELL // 2] for bit in range(_BITS)]
    return sum(1 << bit for bit, value in enumerate(middles) if value > 128)


def make_clip(
    path: Path,
    seconds: float = 6,
    gop: float = 2.0,
    keys: set[int] | None = None,
    video: str = "libx264",
    audio: str | None = "aac",
    options: dict[str, str] | None = None,
    format: str | None = None,
    fps: int = FPS,
) -> Clip:
    """Writes a clip. `gop` is in seconds; `keys`, if given, are the numbers of the only keyframes."""
    frames = round(seconds * fps)
    with av.open(str(path), "w", format=format) as container:
        settings = _QUICK.get(video, {}) | {"g": str(9999 if keys else round(gop * fps))}
        picture_out = cast(VideoStream, container.add_stream(video, rate=fps, options=settings | (options or {})))
        picture_out.width, picture_out.height, picture_out.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        sound_out = cast(AudioStream, container.add_stream(audio, rate=RATE)) if audio else None
        if sound_out:
            sound_out.layout = "stereo"
        container.start_encoding()
        size = (sound_out.codec_context.frame_size or 1024) if sound_out else 1024
        sounds = at = 0
        for number in range(frames):
            frame = picture(number)
            frame.pts, frame.time_base = number, Fraction(1, fps)
            if keys:
                frame.pict_type = PictureType.I if number in keys else PictureType.NONE
            container.mux(picture_out.encode(frame))
            while sound_out and at < (number + 1) / fps * RATE:
                container.mux(sound_out.encode(_tone(at, size)))
                at, sounds = at + size, sounds + 1
        container.mux(picture_out.encode(None))
        if sound_out:
            container.mux(sound_out.encode(None))
    return Clip(path, frames, sounds)


def ffmpeg_remux(source: Path, kind: str, *options: str) -> Path:
    """The same packets in another container, by Debian's ffmpeg."""
    target = source.with_suffix(_SUFFIX[kind])
    extra = _FRAGMENTED if kind == "mp4" else ()
    bsf = () if kind == "mpegts" else ("-bsf:a", "aac_adtstoasc")
    command = ["ffmpeg", "-v", "error", "-y", "-i", source, "-c", "copy", *extra, *bsf, *options, "-f", kind, target]
    subprocess.run(command, check=True)
    return target


def numbers(transport_stream: bytes) -> list[int]:
    """The pictures that decoding these bytes alone gives, in order of showing."""
    with av.open(io.BytesIO(transport_stream), "r") as container:
        container.streams.video[0].thread_type = "SLICE"
        return [number_of(frame) for frame in container.decode(video=0)]


def packets(data: bytes | Path, kind: str) -> list[bytes]:
    """The payloads of the video or audio packets, in order."""
    with av.open(str(data) if isinstance(data, Path) else io.BytesIO(data), "r") as container:
        streams = [s for s in container.streams if s.type == kind]
        return [bytes(p) for p in container.demux(*streams) if p.size]


def same_payloads(ours: list[bytes], theirs: list[bytes]) -> bool:
    """Whether two lists hold the same packets, each as often."""
    return Counter(ours) == Counter(theirs)


def _tone(at: int, size: int) -> av.AudioFrame:
    wave = np.sin(2 * np.pi * 440 * (np.arange(size) + at) / RATE).astype(np.float32) / 4
    frame = av.AudioFrame.from_ndarray(np.stack([wave, wave]), format="fltp", layout="stereo")
    frame.rate, frame.pts, frame.time_base = RATE, at, Fraction(1, RATE)
    return frame


def made(
    folder: Path,
    name: str,
    kind: str,
    size: str,
    start: float,
    *options: str,
    sound: bool = True,
    coded: tuple[str, ...] = ("aac",),
) -> bytes:
    """Four seconds of a test picture, its clock beginning at `start`, its sound `coded` (codec and its options)."""
    path = folder / f"{name}.{kind}"
    command = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", f"testsrc=size={size}:rate=25:duration=4"]
    command += ["-f", "lavfi", "-i", "sine=duration=4"] if sound else []
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "0", "-g", "50", "-pix_fmt", "yuv420p", *options]
    command += ["-c:a", *coded, "-output_ts_offset", str(start), "-f", kind, str(path)]
    subprocess.run(command, check=True)
    return path.read_bytes()
