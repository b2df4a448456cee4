"""Choice of the provider for each kind: the preferred one, or the next while that one rests: after failures, or because
the day's budget is used up."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache

from ..cloud.google_errors import translate
from ..documents.provider_status import Reporter
from ..domain.errors import Code, Failure, OverBudget, QuotaExceeded, Unavailable
from ..domain.model import Analysis, AnalysisSettings, Kind
from ..domain.providers import Called, called
from ..reports.prices import of_frame
from . import make
from .base import Detector
from .breaker import Breaker
from .settings import detection


@dataclass(frozen=True, slots=True)
class Serving:
    """A provider as it is called, with its breaker and the reporter of its status."""

    provider: Called
    detector: Detector
    breaker: Breaker
    reporter: Reporter

    @property
    def name(self) -> str:
        """The provider's."""
        return self.provider.name

    def counted(self, seen: Analysis) -> Analysis:
        """What it saw, in its own name, without what lies below a threshold of its own."""
        least = self.provider.threshold or 0.0
        found = tuple(one for one in seen.detections if one.confidence >= least)
        return replace(seen, provider=self.name, detections=found)

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
    asked = {kind: _listed(kind, settings) for kind in kinds}
    return sum(max(of_frame(name, [kind]) for name in listed) for kind, listed in asked.items())


def remote(kinds: Iterable[Kind], settings: AnalysisSettings) -> tuple[Kind, ...]:
    """Those of `kinds` whose first choice is a provider at an address of its own."""
    first = {kind: next(iter(_able(kind, settings)), None) for kind in kinds}
    return tuple(kind for kind, one in first.items() if one and one.remote)


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
        able = _able(kind, settings)
        first = able[0].name if able else None
        if over and (paid := [one.name for one in able if of_frame(one.name, [kind])]):
            able = [one for one in able if one.name not in paid]
            if not able:
                unserved.append(Unserved(kind, paid[0], Failure.of(over), False))
                continue
        for provider in able:
            name = provider.name
            if name not in tried:
                one = serving(provider)
                tried[name] = one if one.breaker.allows() else None
            if tried[name]:
                chosen.setdefault((name, None if name == first else first), []).append(kind)
                break
        else:
            unserved.append(_unserved(kind, _listed(kind, settings), [one.name for one in able], settings))
    choices = [
        Choice(one, tuple(theirs), instead) for (name, instead), theirs in chosen.items() if (one := tried[name])
    ]
    return choices, unserved


def _listed(kind: Kind, settings: AnalysisSettings) -> tuple[str, ...]:
    return tuple(settings.providers.get(kind) or detection().providers)


def _able(kind: Kind, settings: AnalysisSettings) -> list[Called]:
    """Those that are listed for `kind`, can look for it, and can be called."""
    listed = _listed(kind, settings)
    return [one for name in listed if (one := _callable(name, settings)) and kind in one.kinds]


@lru_cache(maxsize=32)
def serving(provider: Called) -> Serving:
    """The provider, made once as it is called now, and only where it is used."""
    s = detection()
    breaker = Breaker(s.failures, s.window, s.rest)
    return Serving(provider, make(provider), breaker, Reporter(provider.name))


def preferred() -> Called:
    """The deployment's preferred provider, unless its configuration says otherwise."""
    first = detection().providers[0]
    return Called(first, first, detection().endpoint(first))


def _callable(name: str, settings: AnalysisSettings) -> Called | None:
    """None for a provider that there is not, and for a service without an address."""
    one = called(name, settings, detection().endpoint(name))
    return one if one and (one.endpoint or not one.remote) else None


def _unserved(kind: Kind, listed: Iterable[str], able: list[str], settings: AnalysisSettings) -> Unserved:
    if able:
        message = f"{' and '.join(able)} failed too often: left alone for some seconds"
        return Unserved(kind, able[0], Failure(Code.RESTING, message), True)
    names = tuple(listed)
    known = {name: one for name in names if (one := called(name, settings))}
    nowhere = [name for name, one in known.items() if kind in one.kinds]
    if nowhere:
        reason = f"{nowhere[0]} has no address: set 'places.{nowhere[0]}' in /config/analysis"
    elif gone := [name for name in names if name not in known]:
        reason = f"there is no provider {gone[0]}: add it to 'own_providers' in /config/analysis, or choose another"
    else:
        reason = f"{' and '.join(names)} cannot look for {kind}"
    return Unserved(kind, names[0], Failure(Code.NO_PROVIDER, reason), False)
