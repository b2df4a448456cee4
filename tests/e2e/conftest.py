"""What the tests of the running stack share."""

from __future__ import annotations

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
def still(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film whose picture never changes, with a mark on it."""
    return film(tmp_path_factory.mktemp("still") / "still.mp4")
