"""Each deployable's imports against its pins, with deptry (`make lint`).

Command: `python -m emulator.declaration.packages.imports`.

What its own code imports is pinned by itself, not brought along by another package. What is pinned is used by what its
archive or image holds.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ...paths import ROOT
from ..images.dockerfile import read_dockerfile
from .locks import sources

OURS = (
    "main",
    "settings",
    "components",
    "pipeline",
    "ingest",
    "sender",
    "media_analyzer",
    "importer",
    "cutter",
    "rtmp",
    "clip",
    "front",
    "emulator",
)
# Started or found by name instead of being imported; the sender is imported as one of our own packages.
STARTED = ("media-analyzer-sender", "functions-framework", "gunicorn", "uv", "uvloop", "httptools", "scikit-video")
GRAPH = "local-emulator/emulator/declaration/graph"  # evaluates infra/, in the environment of infra/
CLIP = "local-emulator/emulator/declaration/clip_model.py"  # imports CLIP's packages, which LOCAL_CLIP installs
TINY_CLIP = "local-emulator/emulator/sample/tiny_clip"  # trains the tests' model, with CLIP's packages
SENDER = "runner/sender"  # installed by itself: its pyproject.toml says what it needs
CLIENT = "runner/media_analyzer"  # the same
MAKER = "local-emulator/emulator/sample/nanodet"  # made the weights once, with packages of its own


@dataclass(frozen=True, slots=True)
class Code:
    """A deployable: its pins, its own folders, and all that runs with them. Folders are relative to the repository."""

    pins: Path
    own: tuple[str, ...]
    beside: tuple[str, ...]
    without: tuple[str, ...] = ()


def deployables(root: Path = ROOT) -> Iterator[Code]:
    """Every folder with pins of its own, and what is installed by itself. The tests may import what any other does."""
    yield Code(root / SENDER / "pyproject.toml", (SENDER,), ())
    yield Code(root / CLIENT / "pyproject.toml", (CLIENT,), ())
    for source in sources(root):
        folder = source.parent.relative_to(root).as_posix()
        match folder:
            case "tests":
                continue
            case "infra":
                yield Code(source, (folder, GRAPH), ())
            case "local-emulator":
                yield Code(source, (folder,), ("functions/pipeline", SENDER), (GRAPH, CLIP, TINY_CLIP, MAKER))
            case "functions":
                yield Code(source, (folder,), ())
            case _:
                yield Code(source, (folder,), _held(root, source.with_name("Dockerfile")))


def _held(root: Path, dockerfile: Path) -> tuple[str, ...]:
    """The folders that an image is copied from."""
    copied = {file.parent.relative_to(root) for file in read_dockerfile(dockerfile, root).files.values()}
    return tuple(sorted(path.as_posix() for path in copied if not copied.intersection(path.parents)))


def faults(code: Code, root: Path = ROOT) -> str:
    """The report of deptry; empty if imports and pins agree."""
    undeclared = _deptry(root, code, code.own, "DEP002")
    unused = _deptry(root, code, (*code.own, *code.beside), "DEP001,DEP003,DEP004")
    return undeclared + unused


def _deptry(root: Path, code: Code, folders: tuple[str, ...], ignored: str) -> str:
    ours = [option for name in OURS for option in ("--known-first-party", name)]
    without = [option for folder in code.without for option in ("--extend-exclude", f".*{folder}")]
    started = f"DEP002={'|'.join(STARTED)}"
    options = ["--no-ansi", "--ignore", ignored, "--per-rule-ignores", started]
    if code.pins.name != "pyproject.toml":  # deptry reads that one by itself
        options += ["--requirements-files", str(code.pins)]
    program = Path(sys.executable).with_name("deptry")
    command = [str(program), *(str(root / folder) for folder in folders), *options, *ours, *without]
    # Not in the root: deptry would read pyproject.toml there instead of the pins.
    done = subprocess.run(command, cwd=code.pins.parent, capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def main() -> int:
    """The exit status: 1 where a deployable's imports and pins disagree."""
    found = {code.pins: said for code in deployables() if (said := faults(code))}
    for pins, said in found.items():
        sys.stdout.write(f"{pins.relative_to(ROOT)}:\n{said}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
