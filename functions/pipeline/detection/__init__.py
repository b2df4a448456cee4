"""Detectors: one file for each provider of `domain/providers.py`, named like it.

A new one is a file here with its class (`clip.ClipDetector`) and a line in `PROVIDERS`. Others of the same type are
entries of the configuration.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from ..domain.providers import Called

if TYPE_CHECKING:
    from .base import Detector


def make(provider: Called) -> Detector:
    """The detector of a provider, whose module is loaded now. That of a service learns where and how to call it."""
    name = provider.type
    cls = getattr(importlib.import_module(f".{name}", __package__), f"{name.capitalize()}Detector")
    return cls(provider) if provider.remote else cls()
