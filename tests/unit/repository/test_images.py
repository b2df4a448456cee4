"""What images are built from: named bases, locked packages, and of the repository just what they hold."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from emulator.declaration.images.dockerfile import read_dockerfile
from emulator.declaration.images.dockerignore import ignored

ROOT = Path(__file__).parents[3]
DOCKERFILES = sorted((ROOT / "runner").glob("*/Dockerfile"))
each = pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda path: path.parent.name)


def context() -> set[str]:
    """What a builder sees of the files of the repository, committed or not."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    left_out = ignored(ROOT)
    return {line for line in listing.splitlines() if not left_out(line) and (ROOT / line).is_file()}


def test_the_build_context_holds_exactly_what_dockerfiles_copy() -> None:
    copied = {
        file.relative_to(ROOT).as_posix() for path in DOCKERFILES for file in read_dockerfile(path, ROOT).files.values()
    }
    assert context() == copied


@pytest.mark.parametrize(
    "path",
    [
        ".git/index",
        ".venv/bin/python",
        ".local/env/x",
        "web/node_modules/lit/index.js",
        "runner/ingest/__pycache__/app.pyc",
    ],
)
def test_what_any_run_leaves_behind_changes_no_image(path: str) -> None:
    assert ignored(ROOT)(path)


@each
def test_a_base_is_named_by_its_digest(dockerfile: Path) -> None:
    assert re.fullmatch(r"python:3\.11\.\d+-slim-bookworm@sha256:[0-9a-f]{64}", read_dockerfile(dockerfile, ROOT).base)


def test_all_images_have_one_base() -> None:
    assert len({read_dockerfile(path, ROOT).base for path in DOCKERFILES}) == 1


@each
def test_packages_come_from_a_lock_and_are_checked(dockerfile: Path) -> None:
    image = read_dockerfile(dockerfile, ROOT)
    installs = [run for run in image.runs if "pip install" in run and "torch.txt" not in run]
    assert installs == ["pip install --no-cache-dir --require-hashes -r requirements.txt"]
    assert image.files[image.workdir / "requirements.txt"] == dockerfile.with_name("requirements.txt")


@each
def test_an_image_does_not_run_as_root(dockerfile: Path) -> None:
    assert read_dockerfile(dockerfile, ROOT).user != "root"
