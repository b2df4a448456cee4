"""Choice of the provider for each kind: the preferred one, or the next while that one rests: after failures, or because
the day's budget is used up."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from ..cloud.google_errors import translate
from ..documents.provider_status import Reporter
from ..domain.errors import Code, Failure, OverBudget, QuotaExceeded, Unavailable
from ..domain.model import AnalysisSettings, Kind
from ..domain.providers import PROVIDERS
from ..reports.prices import of_frame
from . import make
from .base import Detector
from .breaker import Breaker
from .settings import detection


@dataclass(frozen=True, slots=True)
class Serving:
    """A provider at an endpoint, with its breaker and the reporter of its status."""

    name: str
    detector: Detector
    breaker: Breaker
    reporter: Reporter

    @contextmanager
    def watched(self) -> Generator[None]:
        """Counts the outcome of the block for the breaker, and reports it. Raises errors of the tree."""
        try:
            yield
        except Exception as error:
            known = translate(error)
            # A provider that refuses this one picture, or that it no longer exists, has answered. A defect has not.
            if isinstance(known, (QuotaExceeded, Unavailable)) or known.status == 500:
                self.breaker.failed()
                self.reporter.tell(self.detector.info, self.breaker.state, known.public)
            else:
                self.breaker.succeeded()
            raise known from error
        self.breaker.succeeded()
        self.reporter.tell(self.detector.info, self.breaker.state, None)


@dataclass(frozen=True, slots=True)
class Choice:
    """The provider that looks for `kinds`, and the preferred one if it is not that."""

    serving: Serving
    kinds: tuple[Kind, ...]
    fallback_from: str | None


@dataclass(frozen=True, slots=True)
class Unserved:
    """A kind that no provider looks for now. `later`: those that could are resting."""

    kind: Kind
    provider: str
    failure: Failure
    later: bool


def dearest(kinds: Iterable[Kind], settings: AnalysisSettings) -> float:
    """The most that showing a frame to the providers of `kinds` may cost, in dollars; 0 where none is paid."""
    asked = {kind: settings.providers.get(kind) or detection().providers for kind in kinds}
    return sum(max(of_frame(name, [kind]) for name in listed) for kind, listed in asked.items())


def choose(
    kinds: Iterable[Kind], settings: AnalysisSettings, over: OverBudget | None = None
) -> tuple[list[Choice], list[Unserved]]:
    """One choice per provider, with all its kinds: that is one call. Makes the detectors that are needed.

    With `over` no provider is chosen that is paid by the call.
    """
    chosen: dict[tuple[str, str | None], list[Kind]] = {}
    tried: dict[str, Serving | None] = {}  # a breaker is asked once: half-open, it lets one call through
    unserved: list[Unserved] = []
    for kind in kinds:
        listed = settings.providers.get(kind) or detection().providers
        able = [name for name in listed if kind in PROVIDERS[name].kinds and (_endpoint(name, settings) is not None)]
        first = able[0] if able else None
        if over and (paid := [name for name in able if of_frame(name, [kind])]):
            able = [name for name in able if name not in paid]
            if not able:
                unserved.append(Unserved(kind, paid[0], Failure.of(over), False))
                continue
        for name in able:
            if name not in tried:
                one = serving(name, _endpoint(name, settings) or "")
                tried[name] = one if one.breaker.allows() else None
            if tried[name]:
                chosen.setdefault((name, None if name == first else first), []).append(kind)
                break
        else:
            unserved.append(_unserved(kind, listed, able))
    choices = [
        Choice(one, tuple(theirs), instead) for (name, instead), theirs in chosen.items() if (one := tried[name])
    ]
    return choices, unserved


@lru_cache(maxsize=16)
def serving(name: str, endpoint: str) -> Serving:
    """The provider `name` at `endpoint`, made once and only where it is used."""
    s = detection()
    breaker = Breaker(s.failures, s.window, s.rest)
    return Serving(name, make(name, endpoint), breaker, Reporter(name))


def _endpoint(name: str, settings: AnalysisSettings) -> str | None:
    """The endpoint of a provider, empty for a local one; None for a remote one without an address."""
    endpoint = settings.endpoints.get(name) or detection().endpoint(name)
    return endpoint if endpoint or not PROVIDERS[name].remote else None


def _unserved(kind: Kind, listed: Iterable[str], able: list[str]) -> Unserved:
    if able:
        message = f"{' and '.join(able)} failed too often: left alone for some seconds"
        return Unserved(kind, able[0], Failure(Code.RESTING, message), True)
    names = tuple(listed)
    nowhere = [name for name in names if kind in PROVIDERS[name].kinds]
    reason = (
        f"{nowhere[0]} has no address: set 'places.{nowhere[0]}' in /config/analysis"
        if nowhere
        else f"{' and '.join(names)} cannot look for {kind}"
    )
    return Unserved(kind, names[0], Failure(Code.NO_PROVIDER, reason), False)
