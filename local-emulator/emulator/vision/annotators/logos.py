"""LOGO_DETECTION: the gallery of reference marks."""

from __future__ import annotations

from typing import Any

from pipeline.logos import Gallery
from pipeline.logos.model import Pixels

from .base import DEFAULT_RESULTS, add_vertices, rectangle


class LogoAnnotator:
    """`description` is the brand's name; Google's `mid` has no counterpart and stays empty."""

    def __init__(self, gallery: Gallery) -> None:
        self._gallery = gallery

    def prepare(self) -> None:
        """The gallery is ready."""

    def annotate(self, image: Pixels, max_results: int, response: Any) -> None:
        """Best first."""
        height, width = image.shape[:2]
        for match in self._gallery.find(image)[: max_results or DEFAULT_RESULTS]:
            logo = response.logo_annotations.add(description=match.brand, score=match.score)
            box = match.box
            corners = rectangle(box.x, box.y, box.x + box.width, box.y + box.height)
            add_vertices(logo.bounding_poly, [(x * width, y * height) for x, y in corners])
