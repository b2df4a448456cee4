"""The protocol of detectors, and the types of their calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from ..cloud import objects
from ..domain.errors import Poison
from ..domain.model import Analysis, Brand, Kind
from ..domain.providers import ProviderInfo

if TYPE_CHECKING:
    from .logos.model import Pixels


@dataclass(frozen=True)
class Image:
    """A stored frame: object `name`, that generation, in `bucket`; `width` and `height` in pixels."""

    bucket: str
    name: str
    generation: int
    width: int
    height: int

    @property
    def uri(self) -> str:
        """gs://bucket/name"""
        return f"gs://{self.bucket}/{self.name}"

    @cached_property
    def data(self) -> bytes:
        """The JPEG, read once however many providers look at it. Raises Stale."""
        return objects.read(self.name, self.generation)

    @cached_property
    def pixels(self) -> Pixels:
        """The picture, H×W×3 (BGR), decoded once. Raises Poison, Stale."""
        import cv2  # here: providers elsewhere take the JPEG
        import numpy as np

        decoded = cv2.imdecode(np.frombuffer(self.data, np.uint8), cv2.IMREAD_COLOR)
        if decoded is None:
            raise Poison(f"{self.name} cannot be read as a picture")
        return np.asarray(decoded, np.uint8)


@dataclass(frozen=True, slots=True)
class DetectRequest:
    """A request for detections. `brands`: all that are enabled, with prompts and reference marks; those that a stream
    does not look for help to tell the others apart, and are dropped later. `threshold`: nothing below it is kept.
    `words`: the objects and scenes that are looked for in words."""

    kinds: Sequence[Kind]
    brands: Sequence[Brand]
    threshold: float
    words: Mapping[Kind, Sequence[str]] = field(default_factory=dict[Kind, Sequence[str]])


class Detector(Protocol):
    """Looks at one image for some kinds at once. Called from several threads."""

    @property
    def info(self) -> ProviderInfo:
        """The model and its device, as of the last answer."""
        ...

    def detect(self, image: Image, request: DetectRequest) -> tuple[Analysis, ...]:
        """One analysis per kind, detections unfiltered and with boxes in 0..1.

        Raises Poison (this image can never be analysed), Stale (it was deleted), QuotaExceeded or Unavailable (later).
        """
        ...
