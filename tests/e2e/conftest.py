"""What the tests of the running stack share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from emulator.sample.demo.session import Run, run


@pytest.fixture(scope="session")
def sample_run(stack: Any, clip: Path) -> Run:
    """The sample clip on its way through the whole stack, once, in real time, until every result is there."""
    return run(stack, clip, None, "path", lambda _: None)
