"""Textured marks and photographs of marks, by SIFT keypoints that agree on one placing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from .model import Floats, Indices, Pixels

WIDTH = 480  # pixels of the longer side of a frame
REFERENCE = 200  # pixels of the longer side of a reference picture
MAX_KEYPOINTS = 400  # keypoints of a frame
MOST = 24_000  # keypoints of all references: of many references fewer each
RATIO = 0.8  # to the nearest keypoint of another brand
MIN_AGREEING = 4  # keypoints that agree
_TOLERANCE = 4.0  # pixels


@dataclass(frozen=True, slots=True)
class Placing:
    """The place of a mark by the keypoints of its reference picture.

    `reference` is its number, `warp` (2, 3) leads from its picture's pixels to the frame's, `agreeing` is how many
    different keypoints say so.
    """

    reference: int
    warp: Floats
    agreeing: int

    @property
    def likelihood(self) -> float:
        """Likelihood of the mark, 0..1, by its keypoints alone: one half at seven."""
        return float(1 / (1 + np.exp((7 - self.agreeing) / 1.2)))


@dataclass(frozen=True, slots=True)
class Texture:
    """A reference picture's keypoints, the strongest first: where they are in its pixels (n, 2), and their unit
    descriptors (n, 128); of the picture as it is and with light and dark exchanged."""

    points: Floats
    descriptors: NDArray[np.float16]


def texture(image: Pixels) -> Texture:
    """The keypoints of a reference picture, BGR."""
    scale = REFERENCE / max(image.shape[:2])
    small = np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    both = (small, np.asarray(cv2.bitwise_not(small), np.uint8))
    seen = [_described(polarity, MAX_KEYPOINTS // 4) for polarity in both]
    order = np.argsort(-np.concatenate([strength for _, _, strength in seen]), kind="stable")
    points = np.concatenate([at for at, _, _ in seen])[order] / np.float32(scale)
    descriptors = np.concatenate([rows for _, rows, _ in seen])[order]
    return Texture(points, descriptors.astype(np.float16))


class KeypointIndex:
    """Keypoints of all reference pictures, in one matcher."""

    def __init__(self, references: Sequence[tuple[str, Texture]]) -> None:
        """`references`: brand and texture."""
        points: list[Floats] = []
        descriptors: list[Floats] = []
        owners: list[int] = []
        starts: list[int] = []  # where each brand's begin
        last: str | None = None
        each = MOST // max(len(references), 1)
        for number in sorted(range(len(references)), key=lambda number: references[number][0]):
            brand, known = references[number]
            at, described = known.points[:each], known.descriptors[:each].astype(np.float32)
            if brand != last and len(at):
                starts.append(len(owners))
                last = brand
            points.append(at)
            descriptors.append(described)
            owners += [number] * len(at)
        self._points = np.concatenate(points) if points else np.zeros((0, 2), np.float32)
        self._descriptors = np.concatenate(descriptors) if descriptors else np.zeros((0, 128), np.float32)
        self._owners = np.array(owners, np.intp)
        self._starts = np.array(starts, np.intp)

    def placings(self, image: Pixels) -> list[Placing]:
        """Every reference that enough keypoints of a BGR picture agree on."""
        if len(self._descriptors) < MIN_AGREEING:
            return []
        scale = min(1.0, WIDTH / max(image.shape[:2]))
        small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        at, described, _ = _described(np.asarray(small, np.uint8), MAX_KEYPOINTS)
        if len(at) < MIN_AGREEING:
            return []
        here, there = self._matches(described)
        made: list[Placing] = []
        for owner in np.unique(self._owners[there]):
            mine = self._owners[there] == owner
            placing = self._place(int(owner), self._points[there[mine]], at[here[mine]] / np.float32(scale))
            if placing is not None:
                made.append(placing)
        return made

    def _matches(self, described: Floats) -> tuple[Indices, Indices]:
        """Pairs (of the frame, of the references) whose nearest rival of another brand is clearly farther."""
        likeness = described @ self._descriptors.T
        each = np.maximum.reduceat(likeness, self._starts, axis=1)  # the nearest of each brand
        rows, brand = np.arange(len(each)), each.argmax(axis=1)
        best = each[rows, brand]
        each[rows, brand] = -1
        distance, other = np.sqrt(2 - 2 * np.minimum(best, 1)), np.sqrt(2 - 2 * np.clip(each.max(axis=1), -1, 1))
        here = np.flatnonzero((distance < RATIO * other) & (distance < 0.75))
        return here, likeness[here].argmax(axis=1)

    def _place(self, reference: int, there: Floats, here: Floats) -> Placing | None:
        if len(there) < MIN_AGREEING:
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
        if agreeing < MIN_AGREEING or not 0.02 < size < 50:
            return None
        return Placing(reference, warp, agreeing)


def _described(image: Pixels, most: int) -> tuple[Floats, Floats, Floats]:
    """Positions (n, 2) and unit descriptors (n, 128), as RootSIFT, and strengths (n,)."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    found, described = cv2.SIFT.create(most, 3, 0.03).detectAndCompute(grey, None)
    if not len(found):
        return np.zeros((0, 2), np.float32), np.zeros((0, 128), np.float32), np.zeros(0, np.float32)
    rows = np.asarray(described, np.float32)
    rows = np.sqrt(rows / (rows.sum(axis=1, keepdims=True) + 1e-6))
    strengths = np.array([point.response for point in found], np.float32)
    return np.array([point.pt for point in found], np.float32), rows, strengths
