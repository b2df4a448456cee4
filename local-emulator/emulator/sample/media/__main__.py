"""`python -m emulator.sample.media`: see the package."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pipeline.domain.errors import MediaAnalyzerError

from .make import make
from .marks import CATALOG
from .sheet import write_sheet


def main() -> int:
    """Exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m emulator.sample.media", description="Makes the sample clip and the marks."
    )
    parser.add_argument("--out", type=Path, default=Path(".local/media"), help="folder (%(default)s)")
    parser.add_argument(
        "--marks", type=int, default=len(CATALOG), choices=range(6, len(CATALOG) + 1), metavar="N",
        help=f"marks in the gallery, 6 to {len(CATALOG)} (%(default)s)",
    )  # fmt: skip
    parser.add_argument("--sheet", type=Path, metavar="PNG", help="also write a contact sheet with the truth drawn in")
    arguments = parser.parse_args()
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Sample clip", total=None)
        try:
            media = make(arguments.out, arguments.marks, lambda done, all: bar.update(task, completed=done, total=all))
        except (MediaAnalyzerError, FileNotFoundError) as error:
            console.print(f"[red]{error}[/red]")
            return 1
    console.print(f"Sample clip: {media.clip}")
    if arguments.sheet:
        write_sheet(arguments.sheet, media.clip, json.loads(media.truth.read_text()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
