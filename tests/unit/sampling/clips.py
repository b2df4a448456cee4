"""Segments for tests, encoded here: MPEG-TS with H.264, from pictures given as arrays."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


def segment(pictures: Iterable[Picture], fps: int = 25, options: Mapping[str, str] | None = None) -> bytes:
    """An MPEG-TS segment that starts with a keyframe. `pictures` are BGR, height x width x 3."""
    output = io.BytesIO()
    with av.open(output, "w", format="mpegts") as container:
        stream = None
        for index, picture in enumerate(pictures):
            if stream is None:
                stream = container.add_stream("libx264", rate=fps, options=dict(options or {"preset": "ultrafast"}))
                stream.height, stream.width = picture.shape[:2]
                stream.pix_fmt = "yuv420p"
                stream.gop_size = 1000
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="bgr24")
            frame.pts, frame.time_base = index, Fraction(1, fps)
            container.mux(stream.encode(frame))
        assert stream is not None
        container.mux(stream.encode(None))
    return output.getvalue()


def audio_only(seconds: float = 1.0) -> bytes:
    """A segment of silence, without video."""
    output = io.BytesIO()
    with av.open(output, "w", format="mpegts") as container:
        stream = container.add_stream("aac", rate=48000, layout="mono")
        for index in range(int(seconds * 48000 / 1024)):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 48000, index * 1024
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return output.getvalue()


def scene(seed: int, width: int = 640, height: int = 360) -> Picture:
    """A still with structure: large smooth patches, the same for the same seed."""
    random = np.random.default_rng(seed)
    coarse = random.integers(40, 215, (height // 40, width // 40, 3), dtype=np.uint8)
    return np.kron(coarse, np.ones((40, 40, 1), np.uint8))


def still(seed: int, count: int) -> list[Picture]:
    """`count` times the same picture."""
    return [scene(seed)] * count


def noisy(pictures: Iterable[Picture], sigma: float, seed: int = 0) -> list[Picture]:
    """The same pictures with a sensor's noise, `sigma` levels of 255."""
    random = np.random.default_rng(seed)
    return [np.clip(picture + random.normal(0, sigma, picture.shape), 0, 255).astype(np.uint8) for picture in pictures]
