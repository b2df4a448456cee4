"""How long to go on, with which seeds, and what is kept of a failure."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from .mutate import mutate

KEPT = Path(__file__).parents[2] / ".local" / "fuzz"
_EVERY = 5.0  # seconds between two lines of progress


@dataclass(frozen=True, slots=True)
class Case:
    """One input: what it was made of, with which seed, and its bytes."""

    kind: str
    seed: int
    data: bytes


@dataclass
class Campaign:
    """Cases for one target: `least` of them from seed 0 on, or as many as FUZZ_SECONDS allow from a fresh seed."""

    target: str
    least: int
    outcomes: Counter[str] = field(default_factory=Counter)

    def cases(self, corpus: Mapping[str, bytes]) -> Iterator[Case]:
        """A saved input where FUZZ_INPUT names one."""
        if path := os.environ.get("FUZZ_INPUT"):
            yield Case("saved", 0, Path(path).read_bytes())
            return
        seconds = float(os.environ.get("FUZZ_SECONDS") or 0)
        first = int(os.environ.get("FUZZ_SEED") or (time.time_ns() // 1_000_000 if seconds else 0))
        begun = told = time.monotonic()
        seed = first
        while seed < first + self.least or time.monotonic() - begun < seconds:
            rng = Random(f"{self.target} {seed}")
            kind = rng.choice(sorted(corpus))
            yield Case(kind, seed, mutate(corpus[kind], rng, list(corpus.values())))
            seed += 1
            if seconds and time.monotonic() - told > _EVERY:
                told = time.monotonic()
                what = ", ".join(f"{count} {outcome}" for outcome, count in self.outcomes.most_common())
                self.tell(f"{seed - first} inputs from seed {first}, {told - begun:.0f} of {seconds:.0f} s: {what}")

    def count(self, outcome: str) -> None:
        """What became of a case."""
        self.outcomes[outcome] += 1

    def keep(self, case: Case) -> str:
        """Saves a case that failed; the command that repeats it."""
        KEPT.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256(case.data).hexdigest()[:8]
        path = KEPT / f"{self.target}-{case.kind}-{case.seed}-{digest}.bin"
        path.write_bytes(case.data)
        return f"repeat it: FUZZ_INPUT={path.relative_to(KEPT.parents[1])} make fuzz TARGET={self.target}"

    def tell(self, text: str) -> None:
        """A line for those who watch: a campaign may take hours."""
        print(f"{self.target}: {text}", file=sys.__stderr__, flush=True)
