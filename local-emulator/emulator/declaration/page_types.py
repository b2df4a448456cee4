"""Writes the page's types of the API from its document (`make docs`). npm fetches the tool; the page never loads it.

Command: `python -m emulator.declaration.page_types`.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from ..paths import ROOT

DOCUMENT = ROOT / "runner" / "front" / "api" / "openapi.json"
TYPES = ROOT / "web" / "src" / "data" / "api" / "types.ts"
TOOL = "openapi-typescript@7.13.0"
COMPILER = "typescript@5.9.3"  # the tool needs its JavaScript API, which the page's compiler (7) does not have


def header(document: Path = DOCUMENT) -> str:
    """The first line of the types: what they were made of. A test compares it."""
    return f"// Made of openapi.json by `make docs`: {hashlib.sha256(document.read_bytes()).hexdigest()}\n"


def main() -> int:
    """Writes the file."""
    command = ["npx", "--yes", "-p", TOOL, "-p", COMPILER, "openapi-typescript", str(DOCUMENT), "--immutable"]
    made = subprocess.run(command, check=True, capture_output=True, text=True)
    TYPES.write_text(header() + made.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
