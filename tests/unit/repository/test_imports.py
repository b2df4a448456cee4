"""Imports and pins agree, deployable by deployable; what is missing or superfluous is named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from emulator.declaration.packages.imports import Code, deployables, faults

ROOT = Path(__file__).parents[3]


def test_every_folder_with_pins_is_looked_at() -> None:
    names = {code.pins.parent.relative_to(ROOT).as_posix() for code in deployables()}
    assert {"functions", "infra", "local-emulator", "runner/ingest", "runner/clip", "runner/sender"} <= names
    ingest = next(code for code in deployables() if code.pins.parent.name == "importer")
    assert {"functions/pipeline", "runner/ingest"} <= {
        folder for held in ingest.beside for folder in (held, str(Path(held).parent))
    }


@pytest.fixture
def code(tmp_path: Path) -> Code:
    """The importer with its pins, apart from everything else."""
    shutil.copytree(ROOT / "runner/importer", tmp_path / "importer")
    return Code(tmp_path / "importer" / "requirements.in", ("importer",), ())


def test_an_import_that_is_not_pinned_is_a_fault(code: Code, tmp_path: Path) -> None:
    code.pins.write_text("".join(line for line in code.pins.open() if not line.startswith("requests==")))
    assert "'requests' imported but it is a transitive dependency" in faults(code, tmp_path)


def test_a_pin_that_nothing_uses_is_a_fault(code: Code, tmp_path: Path) -> None:
    code.pins.write_text(code.pins.read_text() + "rich==15.0.0  # for nothing\n")
    assert "'rich' defined as a dependency but not used in the codebase" in faults(code, tmp_path)
