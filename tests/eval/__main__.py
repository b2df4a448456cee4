"""`python -m tests.eval [logos] [scenes] [sampling] [tracks]`: prints tables of the report's part.

Writes .local/eval.json.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: time is that of one core

import json
import sys
from pathlib import Path

import cv2
from rich.console import Console
from rich.table import Table

from . import alarms, logos, sampling, tracks
from .real import table as real
from .split import Part

OUT = Path(__file__).parents[2] / ".local" / "eval.json"


def main(names: list[str]) -> int:
    """Runs all, or those named."""
    cv2.setNumThreads(1)
    console = Console(width=None if sys.stdout.isatty() else 200)
    made: dict[str, object] = {"load average": os.getloadavg()[0]}
    if not names or "logos" in names:
        columns = logos.table(lambda doing: console.print(f"[dim]{doing}[/]"))
        made["logos"] = {"seeds": logos.SEEDS, "columns": columns}
        console.print(_logos(columns))
        console.print(f"Seeds: {logos.SEEDS}. False alarms: {alarms.described(Part.REPORTING)}.")
    tables = {
        "scenes": lambda: real.table(Part.REPORTING),
        "sampling": lambda: sampling.table(Part.REPORTING),
        "tracks": tracks.table,
    }
    for name, rows_of in tables.items():
        if not names or name in names:
            rows = list(rows_of())
            made[name] = rows
            table = Table(*rows[0])
            for row in rows:
                table.add_row(*map(str, row.values()))
            console.print(table)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(made, indent=2) + "\n")
    return 0


def _logos(columns: dict[str, logos.Figures]) -> Table:
    table = Table("logos", *columns)
    for row in next(iter(columns.values())):
        table.add_row(row, *(_text(figures.get(row, "")) for figures in columns.values()))
    return table


def _text(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.0f}" if value > 1 else f"{value:.3f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
