"""What a 2 s segment of 720p costs `sample` until its frames are ready to send, beside decoding all of it."""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable, Iterator

import av
import cv2
import numpy as np

from pipeline.media.decode import looks
from pipeline.sampling import picture
from pipeline.sampling.gate import Gate
from pipeline.sampling.gate_state import Candidate, Policy
from tests.bench.helpers.sized import sized
from tests.unit.sampling.clips import Picture, segment

SECONDS, FPS, RUNS = 2, 25, sized(15, 1)
ENCODERS = {
    "no B-frames (OBS, zero latency)": {"preset": "veryfast", "tune": "zerolatency", "b": "4M"},
    "B-frames (x264's default)": {"preset": "veryfast", "b": "4M"},
}


def rows() -> Iterator[dict[str, object]]:
    """Wall-clock medians, interleaved, each on one thread."""
    pictures = list(footage())
    for name, options in ENCODERS.items():
        data = segment(pictures, FPS, options)
        ours, first, everything = interleaved(data, sampled, first_ready, decoded)
        other_name = "PyAV, all frames decoded"
        bench = f"sample 2 s of 720p, {name}"
        yield {"bench": bench, "ours": ours, "other": everything, "other_name": other_name, "unit": "ms"}
        bench = f"first frame described, {name}"
        yield {"bench": bench, "ours": first, "other": everything, "other_name": other_name, "unit": "ms"}


def footage() -> Iterator[Picture]:
    """A slow pan over structure, with a sensor's noise."""
    random = np.random.default_rng(7)
    coarse = random.integers(20, 235, (30, 60, 3), dtype=np.uint8)
    wide = cv2.resize(coarse, (1600, 800), interpolation=cv2.INTER_CUBIC)
    for index in range(SECONDS * FPS):
        view = wide[20:740, 4 * index : 4 * index + 1280]
        yield np.clip(view + random.normal(0, 3, view.shape), 0, 255).astype(np.uint8)


def interleaved(data: bytes, *runs: Callable[[bytes], None]) -> tuple[float, ...]:
    """The median of each, in ms; they take turns, so that a busy machine is unfair to none."""
    took: list[list[float]] = [[] for _ in runs]
    for _ in range(RUNS):
        for run, times in zip(runs, took, strict=True):
            started = time.perf_counter()
            run(data)
            times.append((time.perf_counter() - started) * 1000)
    return tuple(statistics.median(times) for times in took)


def sampled(data: bytes) -> None:
    """All that `sample` computes of a segment."""
    seen = (Candidate(look.offset, picture.luma(look.frame), look.frame) for look in looks(data, 5, SECONDS))
    for sent in Gate(Policy()).choose(seen):
        pixels = picture.bgr(sent.candidate.frame)
        picture.visual(pixels)
        picture.jpeg(pixels, 82)


def first_ready(data: bytes) -> None:
    """Until the first frame's document can be written."""
    picture.visual(picture.bgr(next(looks(data, 5, SECONDS)).frame))


def decoded(data: bytes) -> None:
    """The peer: every frame of the segment, nothing else."""
    with av.open(io.BytesIO(data), "r") as container:
        container.streams.video[0].codec_context.thread_count = 1
        for _ in container.decode(video=0):
            pass
