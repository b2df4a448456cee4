"""`python -m emulator.sample.hard_clip`: see the package."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pipeline.domain.errors import MediaAnalyzerError

from .make import make


def main() -> int:
    """Exit status."""
    parser = argparse.ArgumentParser(prog="python -m emulator.sample.hard_clip", description="Makes the hard clip.")
    parser.add_argument("--out", type=Path, default=Path(".local/hard"), help="folder (%(default)s)")
    try:
        clip = make(parser.parse_args().out)
    except (MediaAnalyzerError, FileNotFoundError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"Hard clip: {clip}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
