"""Environments made from a lock and nothing else: what is not in a deployable's lock is missing here too.

`python -m emulator.declaration.packages.environments [NAME…]` makes those of deployables ahead of time (by default
all but CLIP's, whose torch is large), and removes those of locks that no longer exist. They lie in
`.local/env/NAME-HASH`; a changed lock is another environment. uv links the files of its cache, so one costs a second
and little disk.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import re
import shutil
import sys
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ...errors import PackagesFailed, StackError
from ...paths import CACHE, ENVIRONMENTS, ROOT
from . import uv
from .locks import LOCK

WHEELS = CACHE / "wheels"  # where setup.sh leaves the build of torch that this machine takes
_READY = "ready"
_APART = re.compile(r"^--index-url .*$", re.M)  # the file of an index of its own: this machine takes its own build
_BUILD = re.compile(r"^([\w.-]+==[^\s;+]+)\+", re.M)  # the package that has builds, without the label of one
_LATER = ("clip",)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The contents of an environment: the text of a lock, and pins whose files no lock can name."""

    locked: str
    unlocked: tuple[str, ...] = ()

    @classmethod
    def of(cls, texts: Sequence[str]) -> Wanted:
        """From requirements files as they are installed: locks, and those of an index of its own."""
        unlocked = [pin for text in texts if _APART.search(text) for pin in _BUILD.findall(text)]
        return cls("".join(text for text in texts if not _APART.search(text)), tuple(unlocked))

    @property
    def digest(self) -> str:
        """The same for the same packages on the same Python."""
        text = f"{sys.version_info[:2]}\n{self.locked}\n{' '.join(self.unlocked)}"
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def environment(name: str, wanted: Wanted, folder: Path = ENVIRONMENTS) -> Path:
    """The folder of programs of the environment `name`; it is made where it does not exist.

    Raises PackagesFailed, which says what could not be installed.
    """
    made = folder / f"{name}-{wanted.digest}"
    if not (made / _READY).exists():
        with _one_at_a_time(folder, made.name):
            if not (made / _READY).exists():
                _make(made, wanted)
    return made / "bin"


def of_deployable(folder: Path) -> Wanted:
    """The packages of the deployable in `folder`: its lock, and the pins beside it."""
    texts = [folder / LOCK, *sorted(folder.glob("torch.txt"))]
    return Wanted.of([text.read_text() for text in texts if text.exists()])


def deployables(root: Path = ROOT) -> dict[str, Path]:
    """Every folder with a lock that runs as a process of its own, by name."""
    folders = [root / "functions", root / "infra", *(lock.parent for lock in sorted(root.glob(f"runner/*/{LOCK}")))]
    return {folder.name: folder for folder in folders}


def _make(made: Path, wanted: Wanted) -> None:
    shutil.rmtree(made, ignore_errors=True)
    python = made / "bin" / "python"
    uv.run("venv", "--quiet", "--python", sys.executable, made)
    # Compiled, as pip does in an image. pulumi-gcp has thousands of files, of which a program imports a few.
    compiled = [] if "\npulumi-gcp==" in wanted.locked else ["--compile-bytecode"]
    with tempfile.TemporaryDirectory() as folder:
        lock = Path(folder, LOCK)
        lock.write_text(wanted.locked)
        uv.run("pip", "sync", "--quiet", "--require-hashes", *compiled, "--python", python, lock)
    if wanted.unlocked:
        found = ["--find-links", WHEELS] if WHEELS.is_dir() else []
        uv.run("pip", "install", "--quiet", *compiled, *found, "--python", python, *wanted.unlocked)
    (made / _READY).touch()


@contextmanager
def _one_at_a_time(folder: Path, name: str) -> Generator[None]:
    """Two stacks that come up at once make an environment once."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f".{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _forget(kept: set[str], folder: Path) -> None:
    """Removes the environments of locks that no longer exist."""
    for path in folder.iterdir():
        if path.name.removeprefix(".").removesuffix(".lock") not in kept:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def main() -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(prog="emulator.declaration.packages.environments", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    everything = deployables()
    names = parser.parse_args().names or [name for name in everything if name not in _LATER]
    try:
        if unknown := set(names) - everything.keys():
            raise PackagesFailed(f"no deployable has the name {min(unknown)}: expected {', '.join(everything)}")
        for name in names:
            sys.stdout.write(f"{environment(name, of_deployable(everything[name])).parent}\n")
    except StackError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    _forget({f"{name}-{of_deployable(path).digest}" for name, path in everything.items()}, ENVIRONMENTS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
