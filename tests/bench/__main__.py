"""`python -m tests.bench [NAME...]`: runs the benchmarks, prints a table, writes .local/bench.json.

BENCH_SIZE=tiny runs each for a few seconds and writes .local/bench-tiny-NAME.json: its figures mean nothing.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.helpers import stacks
from tests.bench.helpers.sized import TINY

HERE = Path(__file__).parent
LOCAL = HERE.parent.parent / ".local"


def main(names: list[str]) -> int:
    """Runs all, or those named (`gcs` for bench_gcs.py). A benchmark that raises fails the run, after the others."""
    console = Console()
    found = sorted(path.stem for path in HERE.glob("bench_*.py"))
    wanted = [f"bench_{name}" for name in names] or found
    if unknown := set(wanted) - set(found):
        console.print(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(found)}")
        return 2
    rows: list[dict[str, object]] = []
    failed: list[str] = []
    for name in wanted:
        with console.status(f"{name} …"):
            try:
                module = importlib.import_module(f"tests.bench.{name}")
                rows += [{"file": name, **row} for row in module.rows()]
            except Exception as error:  # noqa: BLE001 - reported, and the run fails
                console.print_exception()
                console.print(f"[red]failed[/] {name}; the others go on")
                failed.append(f"{name}: {error}")
    stacks.stop()
    table = Table("bench", "ours", "other", "what the other is", "unit")
    for row in rows:
        table.add_row(*(_text(row[key]) for key in ("bench", "ours", "other", "other_name", "unit")))
    console.print(table)
    LOCAL.mkdir(exist_ok=True)
    out = LOCAL / ("-".join(["bench-tiny", *names]) + ".json" if TINY else "bench.json")
    out.write_text(json.dumps({"rows": rows}, indent=2) + "\n")
    for line in failed:
        console.print(f"[red]failed[/] {line}")
    return 1 if failed else 0


def _text(value: object) -> str:
    return f"{value:,.2f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
