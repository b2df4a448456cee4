"""Observations: sampled frames, each with the time for which it holds. Lazy: memory does not grow with the session."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .model import Look, Observation, Stretch, Way
from .ways import ways

GAP = 100  # ms that segments may lie apart and still touch: their times were rounded
FOREVER = 10**12


class Coverage:
    """The end of sampled media from an instant on. Instants must rise; `stretches` come sorted."""

    def __init__(self, stretches: Iterable[Stretch]) -> None:
        self._rest = iter(stretches)
        self._ahead = next(self._rest, None)
        self._start = self._end = 0

    def until(self, at: int, limit: int) -> int:
        """The end of the media sampled without a gap from `at` on, `limit` at most; `at` itself if there is none."""
        while self._ahead and self._end < limit:
            touches = self._ahead.start - self._end <= GAP and self._start < self._end
            if not touches:
                if self._end > at or self._start > at:
                    break
                self._start = self._ahead.start
            self._end = max(self._end, self._ahead.end)
            self._ahead = next(self._rest, None)
        return max(at, min(limit, self._end)) if self._start <= at else at


def observations(looks: Iterable[Look], stretches: Iterable[Stretch]) -> Iterator[Observation]:
    """Observations of the frames `looks`, which come sorted by time, as do `stretches`.

    A frame holds until the next, as long as the media was sampled. A frame without an analysis ends the observation
    before it, unless its picture was unchanged.
    """
    coverage, held = Coverage(stretches), None
    for look in looks:
        if look.sights is None and look.unchanged:
            continue
        if held:
            yield _observation(held, coverage, look.at, ways(held, look))
        held = look if look.sights is not None else None
    if held:
        yield _observation(held, coverage, FOREVER)


def _observation(look: Look, coverage: Coverage, limit: int, ways: tuple[Way, ...] | None = None) -> Observation:
    sights = tuple(sorted(look.sights or (), key=lambda sight: sight.order))
    return Observation(look.at, coverage.until(look.at, limit), sights, look.cut, ways)
