"""Providers of detections: their names, kinds and states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from .errors import BadRequest
from .model import Kind


@dataclass(frozen=True, slots=True)
class Provider:
    """`kinds` that it can detect. `remote`: an HTTP service, called at an address of its own."""

    kinds: frozenset[Kind]
    remote: bool = False


PROVIDERS: Mapping[str, Provider] = {
    "vision": Provider(frozenset(Kind)),
    "clip": Provider(frozenset({Kind.LOGO}), remote=True),
    "gallery": Provider(frozenset({Kind.LOGO})),
    "local": Provider(frozenset(Kind) - {Kind.SAFE_SEARCH}),
}
"""By name. `detection/NAME.py` holds the detector of each."""


def provider(name: str) -> Provider:
    """The provider of that name. Raises BadRequest."""
    if name not in PROVIDERS:
        raise BadRequest(f"unknown provider {name!r}: expected one of {', '.join(sorted(PROVIDERS))}")
    return PROVIDERS[name]


class ProviderState(StrEnum):
    """State of a provider, as `providers/{name}` shows it."""

    OK = "ok"
    FAILING = "failing"  # it failed lately, too seldom to be left alone
    OPEN = "open"  # left alone
    PROBING = "probing"  # one call tries whether it has recovered


@dataclass(frozen=True, slots=True)
class ProviderInfo:
    """The model that runs, its device (`cpu`, `cuda`) and the number of requests that wait; None: not known."""

    model: str
    device: str | None = None
    queue: int | None = None
