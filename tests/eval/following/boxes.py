"""Boxes, compared and mixed."""

from __future__ import annotations

from pipeline.domain.model import Box


def overlap(a: Box, b: Box) -> float:
    """Intersection over union."""
    width = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    height = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    return both / (a.width * a.height + b.width * b.height - both)


def mixed(a: Box, b: Box, share: float) -> Box:
    """The box `share` (0 to 1) of the way from `a` to `b`."""
    return Box(*(p + (q - p) * share for p, q in ((a.x, b.x), (a.y, b.y), (a.width, b.width), (a.height, b.height))))
