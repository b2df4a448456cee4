"""A built page, and the program that serves it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.infra.declared import declare

from emulator.declaration.graph import Graph


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    (folder / "assets").mkdir()
    for name in ("index.html", "favicon.svg", "assets/index-1a2b.js", "assets/index-1a2b.css"):
        (folder / name).write_text(name)
    return folder


@pytest.fixture(scope="module")
def graph(site: Path) -> Graph:
    return declare(site)
