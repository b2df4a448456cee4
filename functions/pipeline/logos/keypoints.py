"""Textured marks and photographs of marks, by SIFT keypoints that agree on one placing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from .model import Floats, Indices, Pixels

WIDTH = 640  # pixels of the longer side of a frame
REFERENCE = 200  # pixels of the longer side of a reference picture
MOST = 600  # keypoints of a frame
RATIO = 0.8  # to the nearest keypoint of another brand
FEWEST = 4  # keypoints that agree
_TOLERANCE = 4.0  # pixels


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a reference picture's keypoints say its mark is.

    `reference` is its number, `warp` (2, 3) leads from its picture's pixels to the frame's, `angle` is in degrees
    counter-clockwise, `agreeing` is how many different keypoints say so.
    """

    reference: int
    warp: Floats
    angle: float
    agreeing: int

    @property
    def likelihood(self) -> float:
        """That the mark is there, 0..1, where nothing but keypoints speaks for it: even at seven."""
        return float(1 / (1 + np.exp((7 - self.agreeing) / 1.2)))


class KeypointIndex:
    """Keypoints of all reference pictures, in one matcher."""

    def __init__(self, references: Sequence[tuple[str, Pixels]]) -> None:
        """`references`: brand and BGR picture."""
        points: list[Floats] = []
        descriptors: list[Floats] = []
        owners: list[int] = []
        brands: list[int] = []
        numbers = {brand: number for number, brand in enumerate(dict.fromkeys(brand for brand, _ in references))}
        for number, (brand, image) in enumerate(references):
            scale = REFERENCE / max(image.shape[:2])
            small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            for polarity in (small, cv2.bitwise_not(small)):
                at, described = self._describe(np.asarray(polarity, np.uint8))
                points.append(at / np.float32(scale))
                descriptors.append(described)
                owners += [number] * len(at)
                brands += [numbers[brand]] * len(at)
        self._points = np.concatenate(points) if points else np.zeros((0, 2), np.float32)
        self._descriptors = np.concatenate(descriptors) if descriptors else np.zeros((0, 128), np.float32)
        self._owners = np.array(owners, np.intp)
        self._brands = np.array(brands, np.intp)

    def placings(self, image: Pixels) -> list[Placing]:
        """Every reference that enough keypoints of a BGR picture agree on."""
        if len(self._descriptors) < FEWEST:
            return []
        scale = min(1.0, WIDTH / max(image.shape[:2]))
        small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        at, described = self._describe(np.asarray(small, np.uint8))
        if len(at) < FEWEST:
            return []
        here, there = self._matches(described)
        made: list[Placing] = []
        for owner in np.unique(self._owners[there]):
            mine = self._owners[there] == owner
            placing = self._place(int(owner), self._points[there[mine]], at[here[mine]] / np.float32(scale))
            if placing is not None:
                made.append(placing)
        return made

    def _describe(self, image: Pixels) -> tuple[Floats, Floats]:
        """Positions (n, 2) and unit descriptors (n, 128), as RootSIFT."""
        grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        found, described = cv2.SIFT.create(MOST, 3, 0.03).detectAndCompute(grey, None)
        if not len(found):
            return np.zeros((0, 2), np.float32), np.zeros((0, 128), np.float32)
        rows = np.asarray(described, np.float32)
        rows = np.sqrt(rows / (rows.sum(axis=1, keepdims=True) + 1e-6))
        return np.array([point.pt for point in found], np.float32), rows

    def _matches(self, described: Floats) -> tuple[Indices, Indices]:
        """Pairs (of the frame, of the references) whose nearest rival of another brand is clearly farther."""
        likeness = described @ self._descriptors.T
        nearest = likeness.argmax(axis=1)
        best = likeness[np.arange(len(likeness)), nearest]
        likeness[self._brands[None] == self._brands[nearest][:, None]] = -1
        rival = likeness.max(axis=1)
        distance, other = np.sqrt(2 - 2 * np.minimum(best, 1)), np.sqrt(2 - 2 * np.clip(rival, -1, 1))
        here = np.flatnonzero((distance < RATIO * other) & (distance < 0.75))
        return here, nearest[here]

    def _place(self, reference: int, there: Floats, here: Floats) -> Placing | None:
        if len(there) < FEWEST:
            return None
        cv2.setRNGSeed(1)
        found, inliers = cv2.estimateAffinePartial2D(
            there, here, method=cv2.RANSAC, ransacReprojThreshold=_TOLERANCE, maxIters=500, confidence=0.99
        )
        warp = np.asarray(found, np.float32)
        if warp.shape != (2, 3):  # nothing was found
            return None
        agreeing = len(np.unique(there[np.asarray(inliers).ravel() > 0].round(), axis=0))
        size = float(np.hypot(warp[0, 0], warp[1, 0]))
        if agreeing < FEWEST or not 0.02 < size < 50:
            return None
        angle = -float(np.degrees(np.arctan2(warp[1, 0], warp[0, 0])))
        return Placing(reference, warp, angle, agreeing)
