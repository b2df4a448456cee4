"""What the tests of the running stack share."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.helpers.still import film

from emulator.sample.demo.session import Run, run


@pytest.fixture(scope="session")
def sample_run(stack: Any, clip: Path) -> Run:
    """The sample clip on its way through the whole stack, once, in real time, until every result is there."""
    return run(stack, clip, None, "path", lambda _: None)


@pytest.fixture(scope="session")
def opening(clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample clip's first eight seconds, with two marks: a second of it takes several of a core to analyse."""
    path = tmp_path_factory.mktemp("opening") / "opening.mp4"
    subprocess.run(["ffmpeg", "-v", "error", "-t", "8", "-i", clip, "-c", "copy", path], check=True)
    return path


@pytest.fixture(scope="session")
def still(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film whose picture never changes, with a mark on it."""
    return film(tmp_path_factory.mktemp("still") / "still.mp4")
