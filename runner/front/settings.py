"""The settings of the front door."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.settings import setting


@dataclass(frozen=True, slots=True)
class Front:
    """What one instance of the front door is told."""

    max_requests: int = setting("MAX_REQUESTS", "requests that one instance of front answers at a time", 40)
