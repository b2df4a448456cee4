"""How much a benchmark does: the whole of it, or, with BENCH_SIZE=tiny, just enough to see that it runs."""

from __future__ import annotations

import os
from typing import TypeVar

T = TypeVar("T")
TINY = os.environ.get("BENCH_SIZE") == "tiny"


def sized(full: T, tiny: T) -> T:
    """`full` for a measurement, `tiny` for a test of the benchmark itself."""
    return tiny if TINY else full
