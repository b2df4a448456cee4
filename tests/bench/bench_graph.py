"""How long a stack waits for its declaration: remembered, and evaluated in a process of its own."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from emulator.declaration.graph import load_or_evaluate
from tests.bench.helpers.sized import sized

ROOT = Path(__file__).parents[2]
EVALUATED, REMEMBERED = sized((3, 5), (1, 1))


class _Ports:
    def port_for(self, resource_name: str) -> int:
        return 9000 + len(resource_name)


def rows() -> Iterator[dict[str, Any]]:
    """Milliseconds, medians of those remembered and of those evaluated."""
    with tempfile.TemporaryDirectory() as scratch:
        site = Path(scratch, "site")
        site.mkdir()
        (site / "index.html").write_text("<p>page</p>")
        evaluated = median(_milliseconds(site, Path(scratch, f"cache-{n}")) for n in range(EVALUATED))
        remembered = median(_milliseconds(site, Path(scratch, "cache-0")) for _ in range(REMEMBERED))
    yield {
        "bench": "declaration, ready to realise",
        "ours": round(remembered, 1),
        "other": round(evaluated, 1),
        "other_name": "evaluated each time",
        "unit": "ms",
    }


def _milliseconds(site: Path, cache: Path) -> float:
    config = {"siteDir": str(site)}
    start = time.perf_counter()
    load_or_evaluate(ROOT, project="acme-video", stack="bench", config=config, ports=_Ports(), cache=cache)
    return (time.perf_counter() - start) * 1000
