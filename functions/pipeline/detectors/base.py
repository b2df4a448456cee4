"""What a provider of detections is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ..model import Analysis, Kind


@dataclass(frozen=True, slots=True)
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


class Detector(Protocol):
    """Looks at one image for some kinds at once."""

    @property
    def name(self) -> str:
        """The provider's name, as in `PROVIDERS`."""
        ...

    @property
    def model(self) -> str:
        """Which model runs, for the record."""
        ...

    @property
    def kinds(self) -> frozenset[Kind]:
        """What it can look for."""
        ...

    def detect(self, image: Image, kinds: Sequence[Kind]) -> tuple[Analysis, ...]:
        """One analysis per kind, detections unfiltered and with boxes in 0..1.

        Raises Poison (this image can never be analysed), Stale (it is gone), QuotaExceeded or Unavailable (later).
        """
        ...
