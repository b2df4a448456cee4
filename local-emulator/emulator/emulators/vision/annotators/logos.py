"""LOGO_DETECTION: the gallery of reference marks."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Any

from pipeline.detection.logos import Gallery, Mark
from pipeline.detection.logos.model import Pixels

from .base import FeatureOptions, add_vertices, rectangle


class LogoAnnotator:
    """`description` is the brand's name; Google's `mid` has no counterpart and stays empty."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        self._marks = marks
        self._loaded: Gallery | None = None
        self._loading = Lock()

    def annotate(self, image: Pixels, options: FeatureOptions, response: Any) -> None:
        """Best first."""
        height, width = image.shape[:2]
        for match in self._gallery().find(image)[: options.most]:
            logo = response.logo_annotations.add(description=match.brand, score=match.score)
            box = match.box
            corners = rectangle(box.x, box.y, box.x + box.width, box.y + box.height)
            add_vertices(logo.bounding_poly, [(x * width, y * height) for x, y in corners])

    def _gallery(self) -> Gallery:
        with self._loading:
            if self._loaded is None:
                self._loaded = Gallery.load(self._marks)
            return self._loaded
