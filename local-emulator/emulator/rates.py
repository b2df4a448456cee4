"""Counts writes of one name beyond one a second: Cloud Storage's rate for an object, Firestore's for a document.

Both let short bursts pass. Cloud Storage refuses what exceeds the rate (429); Firestore delays it, and fails writes
that contend for a document. Here nothing is refused: the excess is counted, to be seen before a deployment.
https://cloud.google.com/storage/quotas#objects, https://firebase.google.com/docs/firestore/best-practices#updates_to_a_single_document
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

BURST = 2.0
"""Writes at once that are let pass; one more for each second without."""
_MAX_FOLLOWED = 4096
_MAX_EXCESSES = 1000


@dataclass(slots=True)
class Excess:
    """Writes of one name, of those noted, and how many of them came too soon."""

    name: str
    writes: int
    over: int


class WriteRates:
    """Counts. Names that are written rarely are forgotten; of those written too fast 1,000 are kept."""

    def __init__(self) -> None:
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._over: dict[str, Excess] = {}

    def note(self, name: str, at: float) -> bool:
        """One write, at a time in seconds; whether it came too soon."""
        left, before = self._left.pop(name, (BURST, at))
        left = min(BURST, left + max(0.0, at - before))
        soon = left < 1.0
        self._left[name] = (left if soon else left - 1.0, at)
        while len(self._left) > _MAX_FOLLOWED:
            self._left.popitem(last=False)
        found = self._over.get(name)
        if found is None and soon and len(self._over) < _MAX_EXCESSES:
            found = self._over[name] = Excess(name, int(BURST), 0)
        if found is not None:
            found.writes += 1
            found.over += soon
        return soon

    def times(self, name: str) -> int:
        """The number of writes of this name that came too soon."""
        return self._over[name].over if name in self._over else 0

    def over(self) -> list[Excess]:
        """The names that were written too fast, the worst first."""
        return sorted(self._over.values(), key=lambda one: (-one.over, one.name))
