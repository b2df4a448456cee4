"""Providers of detections. A new one is one file with a `Detector` and one line in `PROVIDERS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from ..errors import BadRequest
from .base import Detector


def _vision() -> Detector:
    from .vision import VisionDetector

    return VisionDetector()


PROVIDERS: Mapping[str, Callable[[], Detector]] = {
    "vision": _vision,
}


@cache
def detector(provider: str) -> Detector:
    """The provider of that name, made once and only where it is used. Raises BadRequest."""
    if provider not in PROVIDERS:
        raise BadRequest(f"{provider!r} is no provider: use one of {', '.join(sorted(PROVIDERS))}")
    return PROVIDERS[provider]()
