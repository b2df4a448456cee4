"""Sampling: calls an hour, and seconds of brands missed, gated against one frame every second.

The detector is a perfect one: it sees exactly what is there at the sampled instant. What is missed is the sampling's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.model import Box
from pipeline.sampling import picture
from pipeline.sampling.decode import looks
from tests.unit.sampling.clips import segment

from .sampling_clips import FPS, SECONDS, Clip

SEGMENT, STEP = 2, 0.1  # s


@dataclass(frozen=True)
class Looked:
    """What the gate is given of a clip: times and luma planes, as they come out of H.264."""

    times: Sequence[float]
    planes: Sequence[picture.Plane]


@dataclass(frozen=True)
class Score:
    """Of one way to sample one clip. Shares of the seconds that brands are on the screen; `overlap` is the median of
    boxes that are joined linearly from sample to sample, as the page does."""

    calls_per_hour: float
    missed: float
    wrong: float
    overlap: float


def looked(clip: Clip, per_second: float = 5.0) -> Looked:
    """Encodes a clip into segments and looks at them as `sample` does."""
    times: list[float] = []
    planes: list[picture.Plane] = []
    for number, pictures in enumerate(_batched(clip.pictures(), SEGMENT * FPS)):
        data = segment(pictures, FPS, {"preset": "veryfast", "crf": "26", "threads": "1"})
        for look in looks(data, per_second, SEGMENT):
            times.append(number * SEGMENT + look.offset)
            planes.append(picture.luma(look.frame))
    return Looked(times, planes)


def score(clip: Clip, sampled: Sequence[float]) -> Score:
    """What is known when `sampled` (s) are analysed, beside what is there."""
    there = inherited = missed = wrong = 0
    overlaps: list[float] = []
    truths: dict[float, Mapping[int, Box]] = {at: clip.boxes(at) for at in sampled}
    for at in np.arange(STEP / 2, SECONDS, STEP):
        before = max((one for one in sampled if one <= at), default=None)
        after = min((one for one in sampled if one > at), default=None)
        truth, said = clip.boxes(float(at)), truths[before] if before is not None else {}
        there += len(truth)
        inherited += len(said)
        missed += len(truth.keys() - said.keys())
        wrong += len(said.keys() - truth.keys())
        for number in truth.keys() & said.keys():
            later = truths[after].get(number) if after is not None else None
            share = (at - before) / (after - before) if later and before is not None and after is not None else 0.0
            overlaps.append(_overlap(_mixed(said[number], later or said[number], share), truth[number]))
    return Score(len(sampled) * 3600 / SECONDS, missed / there, wrong / there, float(np.median(overlaps)))


def every_second() -> list[float]:
    """The comparison."""
    return [float(second) for second in range(SECONDS)]


def table(clips: Iterable[Clip], gated: Callable[[Looked], Sequence[float]]) -> Iterator[Mapping[str, object]]:
    """One row per clip."""
    for clip in clips:
        ours, plain = score(clip, gated(looked(clip))), score(clip, every_second())
        yield {
            "clip": clip.name,
            "calls/h": round(ours.calls_per_hour),
            "share of calls": f"{ours.calls_per_hour / plain.calls_per_hour:.1%}",
            "missed": f"{ours.missed:.1%}",
            "missed each second": f"{plain.missed:.1%}",
            "wrong": f"{ours.wrong:.1%}",
            "wrong each second": f"{plain.wrong:.1%}",
            "overlap": f"{ours.overlap:.2f}",
            "overlap each second": f"{plain.overlap:.2f}",
        }


def _batched(pictures: Iterable[np.ndarray], size: int) -> Iterator[list[np.ndarray]]:
    batch: list[np.ndarray] = []
    for one in pictures:
        batch.append(one)
        if len(batch) == size:
            yield batch
            batch = []


def _mixed(a: Box, b: Box, share: float) -> Box:
    return Box(*(p + (q - p) * share for p, q in ((a.x, b.x), (a.y, b.y), (a.width, b.width), (a.height, b.height))))


def _overlap(a: Box, b: Box) -> float:
    width = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    height = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / (a.width * a.height + b.width * b.height - width * height)
