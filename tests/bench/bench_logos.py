"""The logo matcher beside plain SIFT with brute-force matching and a RANSAC homography, on the same scenes in one run.

Recall by size of the mark and precision over all scenes, half as many again without a mark; processor time a frame.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from emulator.vision.marks import load_marks
from pipeline.logos import Gallery, Mark
from pipeline.logos.glyphs import flatten
from tests.bench.logo_scenes import HEIGHT, SIZES, WIDTH, Box, Scene, scenes

MARKS = Path(__file__).parents[2] / ".local" / "media" / "marks"
SEED, WITH_MARK, WITHOUT = 2026, 96, 48
Finder = Callable[[np.ndarray], list[tuple[str, Box]]]
OTHER = "SIFT, brute force, RANSAC homography"


@dataclass
class Tally:
    """What one finder did."""

    right: dict[int, list[bool]] = field(default_factory=dict)
    wrong: int = 0
    seconds: list[float] = field(default_factory=list)

    def add(self, scene: Scene, find: Finder) -> None:
        started = time.process_time()
        found = find(scene.image)
        self.seconds.append(time.process_time() - started)
        hits = [box for brand, box in found if brand == scene.brand and _iou(box, scene.box) > 0.4]
        self.wrong += len(found) - min(len(hits), 1)
        if scene.brand is not None:
            self.right.setdefault(scene.size, []).append(bool(hits))

    def precision(self) -> float:
        hits = sum(sum(seen) for seen in self.right.values())
        return hits / max(hits + self.wrong, 1)

    def recall(self, size: int) -> float:
        return statistics.mean(self.right[size])

    def milliseconds(self) -> float:
        return 1000 * statistics.median(self.seconds)


def rows() -> Iterator[dict[str, object]]:
    cv2.setNumThreads(1)
    marks = load_marks(MARKS)
    ours, other = Tally(), Tally()
    find_ours, find_other = _ours(marks), _Sift(marks).find
    one_each = list({mark.brand: mark for mark in reversed(marks)}.values())
    for scene in scenes(one_each, SEED, WITH_MARK, WITHOUT):
        ours.add(scene, find_ours)
        other.add(scene, find_other)
    for size in SIZES:
        yield _row(f"logos: recall at {size} px", ours.recall(size), other.recall(size), "share")
    yield _row("logos: precision", ours.precision(), other.precision(), "share")
    yield _row("logos: 720p frame", ours.milliseconds(), other.milliseconds(), "ms of processor")


def _row(bench: str, ours: float, other: float, unit: str) -> dict[str, object]:
    return {"bench": bench, "ours": ours, "other": other, "other_name": OTHER, "unit": unit}


def _ours(marks: Sequence[Mark]) -> Finder:
    gallery = Gallery.load(marks)

    def find(image: np.ndarray) -> list[tuple[str, Box]]:
        return [
            (
                match.brand,
                (
                    round(match.box.x * WIDTH),
                    round(match.box.y * HEIGHT),
                    round(match.box.width * WIDTH),
                    round(match.box.height * HEIGHT),
                ),
            )
            for match in gallery.find(image)
        ]

    return find


class _Sift:
    """As in OpenCV's tutorial, for each mark in both polarities: ratio test 0.75, homography, eight inliers."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        self._detector = cv2.SIFT.create()
        self._matcher = cv2.BFMatcher(cv2.NORM_L2)
        self._marks: list[tuple[str, np.ndarray, np.ndarray]] = []
        for mark in marks:
            picture = cv2.cvtColor(flatten(mark.image), cv2.COLOR_BGR2GRAY)
            for grey in (picture, cv2.bitwise_not(picture)):
                points, described = self._detector.detectAndCompute(grey, None)
                if len(points) >= 8:
                    self._marks.append((mark.brand, np.array([p.pt for p in points], np.float32), described))

    def find(self, image: np.ndarray) -> list[tuple[str, Box]]:
        points, described = self._detector.detectAndCompute(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), None)
        here = np.array([point.pt for point in points], np.float32)
        found: dict[str, tuple[int, Box]] = {}
        for brand, there, known in self._marks:
            placed = self._place(there, known, here, described) if len(here) >= 8 else None
            if placed is not None and placed[0] > found.get(brand, (0,))[0]:
                found[brand] = placed
        return [(brand, box) for brand, (_, box) in found.items()]

    def _place(
        self, there: np.ndarray, known: np.ndarray, here: np.ndarray, described: np.ndarray
    ) -> tuple[int, Box] | None:
        pairs = self._matcher.knnMatch(known, described, k=2)
        good = [first for first, second in pairs if first.distance < 0.75 * second.distance]
        if len(good) < 8:
            return None
        source, target = there[[m.queryIdx for m in good]], here[[m.trainIdx for m in good]]
        warp, inliers = cv2.findHomography(source, target, cv2.RANSAC, 5.0)
        if warp is None or int(inliers.sum()) < 8:
            return None
        corners = cv2.perspectiveTransform(_corners(there)[None], warp)[0]
        low, high = corners.min(axis=0), corners.max(axis=0)
        return int(inliers.sum()), (int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1]))


def _corners(points: np.ndarray) -> np.ndarray:
    low, high = points.min(axis=0), points.max(axis=0)
    return np.array([low, (high[0], low[1]), high, (low[0], high[1])], np.float32)


def _iou(one: Box, other: Box | None) -> float:
    if other is None:
        return 0.0
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    inner = max(0, width) * max(0, height)
    return inner / (one[2] * one[3] + other[2] * other[3] - inner)
