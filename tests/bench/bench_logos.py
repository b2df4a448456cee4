"""The logo matcher beside plain SIFT with brute-force matching and a RANSAC homography, on the same scenes in one run.

Recall by size of the mark and precision over all scenes, half as many again without a mark; processor time a frame.
`make eval` says more of the matcher alone.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from pipeline.detection.logos import Mark
from pipeline.detection.logos.glyphs import flatten
from tests.bench.helpers.sized import sized
from tests.eval import marks, scenes
from tests.eval.finders import Finder, gallery
from tests.eval.pictures import pictures
from tests.eval.split import Part
from tests.eval.tally import Found, Tally

SEED = 2026
WITH_MARK, WITHOUT = sized((96, 48), (8, 4))
Rect = tuple[float, float, float, float]
OTHER = "SIFT, brute force, RANSAC homography"


def rows() -> Iterator[dict[str, object]]:
    cv2.setNumThreads(1)
    known, strange, shown = marks.gallery(Part.REPORTING), marks.strangers(Part.REPORTING), pictures(Part.REPORTING)
    ours, other = Tally(), Tally()
    find_ours, find_other = gallery(known), _timed(_Sift(known))
    for scene in scenes.scenes(known, strange, shown, SEED, WITH_MARK, WITHOUT):
        ours.add(scene, *find_ours(scene.image))
        other.add(scene, *find_other(scene.image))
    for size in scenes.SIZES:
        recalls = [tally.recall(lambda scene, size=size: scene.size == size) for tally in (ours, other)]
        yield _row(f"logos: recall at {size} px", recalls, "share")
    yield _row("logos: precision", [ours.precision(), other.precision()], "share")
    times = [float(np.median(tally.seconds)) * 1000 for tally in (ours, other)]
    yield _row("logos: 720p frame", times, "ms of processor")


def _timed(sift: _Sift) -> Finder:
    def find(image: np.ndarray) -> tuple[list[Found], float]:
        started = time.process_time()
        found = sift.find(image)
        return found, time.process_time() - started

    return find


def _row(bench: str, both: list[float], unit: str) -> dict[str, object]:
    ours, other = both
    return {"bench": bench, "ours": ours, "other": other, "other_name": OTHER, "unit": unit}


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

    def find(self, image: np.ndarray) -> list[Found]:
        points, described = self._detector.detectAndCompute(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), None)
        here = np.array([point.pt for point in points], np.float32)
        found: dict[str, tuple[int, Rect]] = {}
        for brand, there, known in self._marks:
            placed = self._place(there, known, here, described) if len(here) >= 8 else None
            if placed is not None and placed[0] > found.get(brand, (0,))[0]:
                found[brand] = placed
        return [(brand, box) for brand, (_, box) in found.items()]

    def _place(
        self, there: np.ndarray, known: np.ndarray, here: np.ndarray, described: np.ndarray
    ) -> tuple[int, Rect] | None:
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
