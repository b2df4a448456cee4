"""Who serves which kind: the preferred provider, or while that one rests after failures, the next in the list."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from ..cloud.google_errors import translate
from ..documents.provider_status import Reporter
from ..domain.errors import Code, Failure, QuotaExceeded, Unavailable
from ..domain.model import AnalysisSettings, Kind
from ..domain.providers import PROVIDERS
from . import make
from .base import Detector
from .breaker import Breaker
from .settings import detection


@dataclass(frozen=True, slots=True)
class Serving:
    """A provider at an endpoint, the breaker before it and what is told of it."""

    name: str
    detector: Detector
    breaker: Breaker
    reporter: Reporter

    @contextmanager
    def watched(self) -> Generator[None]:
        """What is raised inside counts for the breaker, as one of the tree, and is told in `providers/{name}`."""
        try:
            yield
        except Exception as error:
            known = translate(error)
            # A provider that refuses this one picture, or finds it gone, has answered. A defect has not.
            if isinstance(known, (QuotaExceeded, Unavailable)) or known.status == 500:
                self.breaker.failed()
                self.reporter.tell(self.detector.info, self.breaker.state, str(known))
            else:
                self.breaker.succeeded()
            raise known from error
        self.breaker.succeeded()
        self.reporter.tell(self.detector.info, self.breaker.state, None)


@dataclass(frozen=True, slots=True)
class Choice:
    """Who looks for `kinds`, and in whose stead."""

    serving: Serving
    kinds: tuple[Kind, ...]
    fallback_from: str | None


@dataclass(frozen=True, slots=True)
class Nobody:
    """Nobody looks for `kind` now. `later`: those who could are resting."""

    kind: Kind
    provider: str
    failure: Failure
    later: bool


def choose(kinds: Iterable[Kind], settings: AnalysisSettings) -> tuple[list[Choice], list[Nobody]]:
    """One choice per provider, with all its kinds: that is one call. Makes the detectors that are needed."""
    chosen: dict[tuple[str, str | None], list[Kind]] = {}
    asked: dict[str, Serving | None] = {}  # a breaker is asked once: half-open, it lets one call through
    nobody: list[Nobody] = []
    for kind in kinds:
        listed = settings.providers.get(kind) or detection().providers
        able = [name for name in listed if kind in PROVIDERS[name].kinds and (_endpoint(name, settings) is not None)]
        for name in able:
            if name not in asked:
                one = serving(name, _endpoint(name, settings) or "")
                asked[name] = one if one.breaker.allows() else None
            if asked[name]:
                chosen.setdefault((name, None if name == able[0] else able[0]), []).append(kind)
                break
        else:
            nobody.append(_nobody(kind, listed, able))
    choices = [
        Choice(one, tuple(theirs), instead) for (name, instead), theirs in chosen.items() if (one := asked[name])
    ]
    return choices, nobody


@lru_cache(maxsize=16)
def serving(name: str, endpoint: str) -> Serving:
    """The provider `name` at `endpoint`, made once and only where it is used."""
    s = detection()
    breaker = Breaker(s.failures, s.window, s.rest)
    return Serving(name, make(name, endpoint), breaker, Reporter(name))


def _endpoint(name: str, settings: AnalysisSettings) -> str | None:
    """Where a provider is; None where it is an HTTP service and nobody says where."""
    endpoint = settings.endpoints.get(name) or detection().endpoint(name)
    return endpoint if endpoint or not PROVIDERS[name].remote else None


def _nobody(kind: Kind, listed: Iterable[str], able: list[str]) -> Nobody:
    if able:
        message = f"{' and '.join(able)} failed too often: left alone for some seconds"
        return Nobody(kind, able[0], Failure(Code.RESTING, message), True)
    names = tuple(listed)
    nowhere = [name for name in names if kind in PROVIDERS[name].kinds]
    reason = f"nobody says where {nowhere[0]} is" if nowhere else f"{' and '.join(names)} cannot look for {kind}"
    return Nobody(kind, names[0], Failure(Code.NO_PROVIDER, reason), False)
