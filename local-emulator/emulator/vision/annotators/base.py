"""What an annotator is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from pipeline.logos.model import Pixels

DEFAULT_RESULTS = 10  # where a request says nothing


class Annotator(Protocol):
    """Serves one feature. Called from several threads at once; loads what it needs when it is first called."""

    def annotate(self, image: Pixels, max_results: int, response: Any) -> None:
        """Writes what is seen in `image` (H×W×3, BGR) to `response`, a raw AnnotateImageResponse.

        `max_results` is 0 where the request leaves it to the service.
        """
        ...


def add_vertices(poly: Any, corners: Sequence[tuple[float, float]]) -> None:
    """Appends corners in pixels to a raw BoundingPoly."""
    for x, y in corners:
        poly.vertices.add(x=round(x), y=round(y))


def rectangle(left: float, top: float, right: float, bottom: float) -> list[tuple[float, float]]:
    """Corners clockwise from the top left, as Google orders them."""
    return [(left, top), (right, top), (right, bottom), (left, bottom)]
