"""Clips with a given sound, and the segments that ingest makes of them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from tests.unit.ingest.clips import FPS, HEIGHT, WIDTH, picture
from tests.unit.ingest.world import publish

from pipeline.domain.model import Segment

RATE = 48_000
Sound = NDArray[np.float32]


def clip(path: Path, sound: Sound, *, rate: int = RATE, layout: str = "stereo", gop: float = 2.0) -> Path:
    """A clip with `sound` (-1 to 1, `rate`), a keyframe each `gop` seconds."""
    seconds = sound.size / rate
    with av.open(str(path), "w") as container:
        options = {"preset": "ultrafast", "g": str(round(gop * FPS)), "sc_threshold": "0"}
        pictures = container.add_stream("libx264", rate=FPS, options=options)
        pictures.width, pictures.height, pictures.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        sounds = container.add_stream("aac", rate=rate)
        sounds.layout = layout
        container.start_encoding()
        size, at = sounds.codec_context.frame_size, 0
        channels = len(sounds.layout.channels)
        for number in range(round(seconds * FPS)):
            frame = picture(number)
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(pictures.encode(frame))
            while at < min((number + 1) / FPS * rate, sound.size):
                samples = np.zeros(size, np.float32)
                samples[: sound[at : at + size].size] = sound[at : at + size]
                heard = av.AudioFrame.from_ndarray(np.stack([samples] * channels), format="fltp", layout=layout)
                heard.rate, heard.pts, heard.time_base = rate, at, Fraction(1, rate)
                container.mux(sounds.encode(heard))
                at += size
        container.mux(pictures.encode(None))
        container.mux(sounds.encode(None))
    return path


def segments(path: Path) -> list[tuple[Segment, bytes]]:
    """As ingest stores them."""
    return publish(path).storage.segments


def beeps(seconds: float, *at: float, length: float = 0.1, rate: int = RATE) -> Sound:
    """Silence with a 1 kHz tone `at` these seconds."""
    time = np.arange(round(seconds * rate)) / rate
    sounding = np.zeros(time.size, bool)
    for start in at:
        sounding |= (time >= start) & (time < start + length)
    return (0.5 * np.sin(2 * np.pi * 1000 * time) * sounding).astype(np.float32)
