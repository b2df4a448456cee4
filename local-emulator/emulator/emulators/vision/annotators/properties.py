"""IMAGE_PROPERTIES: dominant colours by clustering."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from pipeline.detection.logos.model import Pixels

from .base import DEFAULT_RESULTS, FeatureOptions

_SIDE = 96  # pixels of the longer side that are clustered
_ORDER = np.array([1.0, 0.7, 0.4], np.float32)  # a direction in LAB, mostly lightness
_STOP = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 12, 1.0)


class PropertiesAnnotator:
    """Up to ten colours, as Google gives."""

    def annotate(self, image: Pixels, options: FeatureOptions, response: Any) -> None:
        """Highest score first. The score leans to what catches the eye: a colour's share, weighed by its chroma."""
        scale = min(1.0, _SIDE / max(image.shape[:2]))
        small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        lab = cv2.cvtColor(small, cv2.COLOR_BGR2LAB).reshape(-1, 3).astype(np.float32)
        labels = _cluster(lab)
        shares = np.bincount(labels, minlength=DEFAULT_RESULTS) / len(labels)
        pixels = small.reshape(-1, 3)
        chroma = np.hypot(lab[:, 1] - 128, lab[:, 2] - 128)
        weights = np.bincount(labels, 1 + chroma / 64, DEFAULT_RESULTS)
        for cluster in np.argsort(-weights, kind="stable")[: options.most]:
            if shares[cluster] == 0:
                continue
            blue, green, red = (float(round(value)) for value in pixels[labels == cluster].mean(axis=0))
            response.image_properties_annotation.dominant_colors.colors.add(
                color={"red": red, "green": green, "blue": blue},
                score=float(weights[cluster] / weights.sum()),
                pixel_fraction=float(shares[cluster]),
            )


def _cluster(lab: np.ndarray[Any, np.dtype[np.float32]]) -> np.ndarray[Any, np.dtype[np.intp]]:
    """A cluster 0..9 for each pixel. Starts from bands of equal size along lightness, so that it is deterministic."""
    count = min(DEFAULT_RESULTS, len(lab))
    start = np.empty((len(lab), 1), np.int32)
    start[np.argsort(lab @ _ORDER, kind="stable"), 0] = np.arange(len(lab)) * count // len(lab)
    _, labels, _ = cv2.kmeans(lab, count, start, _STOP, 1, cv2.KMEANS_USE_INITIAL_LABELS)
    return np.asarray(labels, np.intp).ravel()
