"""Types of the matcher: reference marks in, matches out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...domain.model import Box

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]
Indices = NDArray[np.intp]
Rects = NDArray[np.int32]  # shape (n, 4): x, y, width, height in pixels


@dataclass(frozen=True, slots=True)
class Mark:
    """One reference picture of a brand's mark.

    `image` is H×W×4 (BGRA: the glyph is what is opaque), H×W×3 (BGR) or H×W (grey): a photograph, or a drawing on a
    plain surround. Several marks may carry the same `brand`.
    """

    brand: str
    image: Pixels


@dataclass(frozen=True, slots=True)
class LogoMatch:
    """A mark that was found. `score`: 0..1, the higher the surer; `box`: in 0..1 of the frame, tight on the mark;
    `corners`: those of the mark's own box, clockwise from its upper left as drawn, x and y in 0..1 of the frame; they
    may lie outside."""

    brand: str
    score: float
    box: Box
    corners: tuple[tuple[float, float], ...]
