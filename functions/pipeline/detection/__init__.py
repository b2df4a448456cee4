"""Detectors: one file for each provider of `domain/providers.py`, named like it.

A new one is a file here with its class (`clip.ClipDetector`) and a line in `PROVIDERS`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from ..domain.providers import PROVIDERS

if TYPE_CHECKING:
    from .base import Detector


def make(name: str, endpoint: str) -> Detector:
    """The detector of provider `name`, whose module is loaded now; `endpoint` is where a remote provider is called."""
    cls = getattr(importlib.import_module(f".{name}", __package__), f"{name.capitalize()}Detector")
    return cls(endpoint) if PROVIDERS[name].remote else cls()
