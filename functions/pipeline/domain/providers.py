"""Providers of detections: their names, what each can look for, and how one stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from .errors import BadRequest
from .model import Kind


@dataclass(frozen=True, slots=True)
class Provider:
    """`kinds`: what it can look for. `remote`: an HTTP service, called at an address of its own."""

    kinds: frozenset[Kind]
    remote: bool = False


PROVIDERS: Mapping[str, Provider] = {
    "vision": Provider(frozenset(Kind)),
    "clip": Provider(frozenset({Kind.LOGO}), remote=True),
    "gallery": Provider(frozenset({Kind.LOGO})),
}
"""By name. `detection/NAME.py` holds the detector of each."""


def provider(name: str) -> Provider:
    """The provider of that name. Raises BadRequest."""
    if name not in PROVIDERS:
        raise BadRequest(f"unknown provider {name!r}: expected one of {', '.join(sorted(PROVIDERS))}")
    return PROVIDERS[name]


class ProviderState(StrEnum):
    """How a provider stands, as `providers/{name}` shows it."""

    OK = "ok"
    FAILING = "failing"  # it failed lately, too seldom to be left alone
    OPEN = "open"  # left alone
    PROBING = "probing"  # one call tries whether it has recovered


@dataclass(frozen=True, slots=True)
class ProviderInfo:
    """The model that runs, on what (`cpu`, `cuda`; None: not known), and how many requests wait (None: not known)."""

    model: str
    device: str | None = None
    queue: int | None = None
