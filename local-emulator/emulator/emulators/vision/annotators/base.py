"""The interface of an annotator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pipeline.detection.logos.model import Pixels

DEFAULT_RESULTS = 10  # of a request that names no number


@dataclass(frozen=True, slots=True)
class FeatureOptions:
    """The options of one feature in a request.

    At most `most` results are given (the service's own number if the request names none). `text_confidence`: text
    comes with its confidence, which Google leaves out by default.
    """

    most: int = DEFAULT_RESULTS
    text_confidence: bool = False

    @classmethod
    def of(cls, feature: Any, context: Any) -> FeatureOptions:
        """From a raw Feature and the request's ImageContext."""
        return cls(
            feature.max_results or DEFAULT_RESULTS, context.text_detection_params.enable_text_detection_confidence_score
        )


class Annotator(Protocol):
    """Serves one feature. Called from several threads at once; loads what it needs when it is first called."""

    def annotate(self, image: Pixels, options: FeatureOptions, response: Any) -> None:
        """Writes the results for `image` (H×W×3, BGR) to `response`, a raw AnnotateImageResponse.

        Fields that Google fills in only on request stay empty unless `options` asks for them.
        """
        ...


def add_vertices(poly: Any, corners: Sequence[tuple[float, float]]) -> None:
    """Appends corners in pixels to a raw BoundingPoly."""
    for x, y in corners:
        poly.vertices.add(x=round(x), y=round(y))


def rectangle(left: float, top: float, right: float, bottom: float) -> list[tuple[float, float]]:
    """Corners clockwise from the top left, as Google orders them."""
    return [(left, top), (right, top), (right, bottom), (left, bottom)]
