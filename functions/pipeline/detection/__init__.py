"""Providers of detections. A new one is one file with a `Detector` and one line in `PROVIDERS`."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..domain.errors import BadRequest
from ..domain.model import Kind

if TYPE_CHECKING:
    from .base import Detector


@dataclass(frozen=True, slots=True)
class Provider:
    """What can be said of a provider without loading it: what it looks for, and its class, as `module:Class`.

    `elsewhere`: it is an HTTP service, and the class takes its address.
    """

    detector: str
    kinds: frozenset[Kind]
    elsewhere: bool = False

    def make(self, place: str) -> Detector:
        """The detector at `place`, which is empty where there is but one."""
        module, _, name = self.detector.partition(":")
        cls = getattr(importlib.import_module(f".{module}", __package__), name)
        return cls(place) if self.elsewhere else cls()


PROVIDERS: Mapping[str, Provider] = {
    "vision": Provider("vision:VisionDetector", frozenset(Kind)),
    "clip": Provider("clip:ClipDetector", frozenset({Kind.LOGO}), elsewhere=True),
    "gallery": Provider("gallery:GalleryDetector", frozenset({Kind.LOGO})),
}


def provider(name: str) -> Provider:
    """The provider of that name. Raises BadRequest."""
    if name not in PROVIDERS:
        raise BadRequest(f"{name!r} is no provider: use one of {', '.join(sorted(PROVIDERS))}")
    return PROVIDERS[name]
