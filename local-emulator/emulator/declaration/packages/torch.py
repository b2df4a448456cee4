"""Gives the CLIP image's torch, and all of CUDA that it brings, their hashes.

Command: `python -m emulator.declaration.packages.torch`.

They are of an index of their own, which not every machine reaches: so this is not part of `make lock`. It rewrites
`runner/clip/torch.txt` below its comment; what CLIP's lock holds already stays there.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from ...errors import StackError
from ...paths import ROOT
from . import uv
from .locks import APART, PYTHON

FILE = Path("runner/clip/torch.txt")
PLATFORM = "x86_64-manylinux_2_28"  # of the image


def lock(root: Path = ROOT) -> None:
    """Writes the file. Raises PackagesFailed where the index does not answer."""
    file = root / FILE
    text = file.read_text()
    comment = "".join(line for line in text.splitlines(keepends=True) if line.startswith("#"))
    index = re.findall(r"^--index-url \S+", text, re.M)[0]
    pin = re.findall(r"^torch==[^\s\\]+", text, re.M)[0]
    with tempfile.TemporaryDirectory() as folder:
        wanted, found = Path(folder, "torch.in"), Path(folder, "torch.txt")
        wanted.write_text(f"{pin}\n")
        options = ["--generate-hashes", "--no-header", "--no-annotate", "--quiet", "--no-cache"]
        target = [*index.split(), "--python-version", PYTHON, "--python-platform", PLATFORM]
        uv.run("pip", "compile", *options, *target, "-c", file.with_name("requirements.txt"), "-o", found, wanted)
        blocks = re.split(r"(?m)^(?=\S)", found.read_text())
    kept = [block for block in blocks if APART.fullmatch(block.partition("==")[0])]
    file.write_text(f"{comment}{index}\n{''.join(kept)}")


def main() -> int:
    """The exit status."""
    try:
        lock()
    except StackError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
