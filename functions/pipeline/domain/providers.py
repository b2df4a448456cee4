"""Providers of detections: their names, kinds and states; those that the configuration adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .errors import BadRequest
from .model import AnalysisSettings, Kind


@dataclass(frozen=True, slots=True)
class Provider:
    """`kinds` that it can detect. `remote`: an HTTP service, called at an address of its own. `more`: the configuration
    may add others of its type, under names of their own."""

    kinds: frozenset[Kind]
    remote: bool = False
    more: bool = False


PROVIDERS: Mapping[str, Provider] = {
    "vision": Provider(frozenset(Kind)),
    "clip": Provider(frozenset({Kind.LOGO, Kind.LABEL}), remote=True, more=True),
    "owl": Provider(frozenset({Kind.LOGO, Kind.OBJECT}), remote=True, more=True),
    "gallery": Provider(frozenset({Kind.LOGO}), more=True),
    "local": Provider(frozenset(Kind) - {Kind.SAFE_SEARCH}, more=True),
}
"""By name. `detection/NAME.py` holds the detector of each."""


def provider(name: str) -> Provider:
    """The provider of that name. Raises BadRequest."""
    if name not in PROVIDERS:
        raise BadRequest(f"unknown provider {name!r}: expected one of {', '.join(sorted(PROVIDERS))}")
    return PROVIDERS[name]


@dataclass(frozen=True, slots=True)
class Called:
    """A provider as it is to be called: its name, its type (a name in PROVIDERS) and what the configuration says of it.

    `key`: sealed, as `OwnProvider` has it.
    """

    name: str
    type: str
    endpoint: str = ""
    model: str = ""
    threshold: float | None = None
    key: str = field(default="", repr=False)

    @property
    def kinds(self) -> frozenset[Kind]:
        """What it can look for."""
        return PROVIDERS[self.type].kinds

    @property
    def remote(self) -> bool:
        """Whether it is a service at an address."""
        return PROVIDERS[self.type].remote


def called(name: str, settings: AnalysisSettings, endpoint: str = "") -> Called | None:
    """The provider `name`; None: there is no such one. `endpoint`: its address, unless the settings name another."""
    if name in PROVIDERS:
        return Called(name, name, settings.endpoints.get(name) or endpoint)
    own = settings.own_providers.get(name)
    return Called(name, own.type, own.address, own.model, own.threshold, own.key) if own else None


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
