"""Resolves every `requirements.in` at once and writes the locks (`make lock`).

Command: `python -m emulator.declaration.packages.locks`.

Versions stay as they are locked unless a pin says otherwise. `--raise NAME` takes the newest of NAME that the pins
allow, `--raise all` of everything. No lock names the index that it was made with.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from ...errors import StackError
from ...paths import ROOT
from . import uv

SOURCE, LOCK = "requirements.in", "requirements.txt"
PYTHON = "3.11"  # the oldest that the locks must serve, and the one that is deployed
APART = re.compile(
    r"torch|triton|nvidia-.*|cuda-.*"
)  # several builds of one version: no lock can name the files of all

_PACKAGE = re.compile(r"^([A-Za-z0-9][\w.-]*)==(\S+)", re.M)
_OPTIONS = (
    "--universal",
    "--generate-hashes",
    "--python-version",
    PYTHON,
    "--no-header",
    "--no-emit-index-url",
    "--quiet",
)


def sources(root: Path = ROOT) -> list[Path]:
    """Every `requirements.in`, sorted. One more folder with one is one more lock."""
    return sorted({*root.glob(f"*/{SOURCE}"), *root.glob(f"runner/*/{SOURCE}")})


def lock_of(source: Path) -> Path:
    """The lock beside it."""
    return source.with_name(LOCK)


def pins(source: Path) -> list[str]:
    """The lines of `source` that say what is wanted, without their reasons, sorted."""
    lines = (line.partition("#")[0].strip() for line in source.read_text().splitlines())
    return sorted(line for line in lines if line)


def fingerprint(of: Iterable[Path]) -> str:
    """Twelve hexadecimal digits over the pins of these sources: reasons and order do not count."""
    wanted = sorted({pin for source in of for pin in pins(source)})
    return hashlib.sha256("\n".join(wanted).encode()).hexdigest()[:12]


def whole(root: Path = ROOT) -> list[Path]:
    """The sources of the lock at the top: all but the CLIP service's, whose torch is large."""
    return [source for source in sources(root) if source.parent.name != "clip"]


def locks(root: Path = ROOT) -> dict[Path, list[Path]]:
    """Each lock, and the sources that it is made from. Tests run with everything: the lock at the top is theirs."""
    apart = [source for source in sources(root) if source.parent.name != "tests"]
    return {lock_of(source): [source] for source in apart} | {root / LOCK: whole(root)}


def packages(lock: str) -> dict[str, set[str]]:
    """The versions of each package that a lock holds: more than one where versions of Python differ."""
    found: dict[str, set[str]] = {}
    for name, version in _PACKAGE.findall(lock):
        found.setdefault(name, set()).add(version)
    return found


def write(root: Path = ROOT, raised: Sequence[str] = ()) -> list[Path]:
    """Writes every lock whose contents change, and returns those. Raises PackagesFailed where the pins contradict."""
    everything = sources(root)
    wanted = locks(root)
    with tempfile.TemporaryDirectory() as folder:
        resolved = Path(folder, "resolved.txt")
        resolved.write_text("".join(lock.read_text() for lock in wanted if lock.exists()))
        upgrades = ["--upgrade"] if "all" in raised else [f"--upgrade-package={name}" for name in raised]
        _compile(root, everything, resolved, upgrades)
        versions = resolved.read_text()
        return [lock for lock, of in wanted.items() if _write(root, lock, of, versions, Path(folder, "lock.txt"))]


def _compile(root: Path, of: Sequence[Path], output: Path, more: Sequence[str] = ()) -> None:
    """`output` becomes the resolution of `of`; the versions that it holds before are kept where they can be."""
    uv.run("pip", "compile", *_OPTIONS, *more, "-o", output, *(source.relative_to(root) for source in of), cwd=root)


def _write(root: Path, lock: Path, of: Sequence[Path], versions: str, part: Path) -> bool:
    part.write_text(versions)  # as wishes: whatever is in it has the version that everything agreed on
    _compile(root, of, part)
    names = ", ".join(source.relative_to(root).as_posix() for source in of)
    text = (
        f"# Made by `make lock` from {names}: change that, not this.\n"
        f"# pins {fingerprint(of)}\n{_without_torch(part.read_text())}"
    )
    if lock.exists() and lock.read_text() == text:
        return False
    lock.write_text(text)
    return True


def _without_torch(text: str) -> str:
    """Each package is a line of its own with indented ones below."""
    kept = [block for block in re.split(r"(?m)^(?=\S)", text) if not APART.fullmatch(block.partition("==")[0])]
    return "".join(kept)


def main() -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(prog="emulator.declaration.packages.locks", description=__doc__)
    parser.add_argument("--raise", dest="raised", nargs="+", default=[], metavar="NAME")
    try:
        changed = write(raised=parser.parse_args().raised)
    except StackError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    lines = [f"written: {lock.relative_to(ROOT)}" for lock in changed] or ["every lock is as it was"]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
