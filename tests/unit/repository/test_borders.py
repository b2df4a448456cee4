"""Borders between our packages, and between the rooms of `pipeline`: import-linter's contracts in pyproject.toml."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ROOTS = ("functions", "runner", "local-emulator", "infra")


def judged(root: Path) -> subprocess.CompletedProcess[str]:
    """What import-linter says of the sources under `root`."""
    program = Path(sys.executable).with_name("lint-imports")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(str(root / folder) for folder in ROOTS)}
    command = [str(program), "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=60)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The sources, to be changed."""
    for folder in ROOTS:
        only_code = shutil.ignore_patterns("node_modules", "__pycache__", "*.onnx", "*.bin", "*.json", "*.txt")
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=only_code)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_border_is_kept() -> None:
    found = judged(ROOT)
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("functions/pipeline/domain/keys.py", "from ..cloud import objects", "rooms of pipeline"),
        (
            "functions/pipeline/domain/keys.py",
            "if TYPE_CHECKING: from ..sessions import stop",
            "rooms of pipeline",
        ),
        ("functions/pipeline/sampling/gate.py", "def late(): from ..speech import words", "rooms of pipeline"),
        ("functions/pipeline/reports/cost.py", "import requests", "know no library"),
        ("functions/pipeline/domain/names.py", "from .playlist import Playlist", "in a circle"),
        ("functions/pipeline/cloud/logs.py", "import ingest", "Packages build on each other"),
        ("runner/sender/__init__.py", "import pipeline", "Packages build on each other"),
        ("runner/ingest/__init__.py", "import sender", "use the sender"),
        ("runner/ingest/media/sniff.py", "def late(): from ..session import publish", "rooms of ingest"),
        ("runner/front/__init__.py", "from importer import run", "Packages build on each other"),
        ("runner/rtmp/__init__.py", "import emulator.stack", "Packages build on each other"),
        ("runner/clip/__init__.py", "import ingest", "only importer uses ingest"),
        ("runner/importer/__init__.py", "import sender", "use the sender"),
        ("local-emulator/emulator/processes/pids.py", "from ..stack import control", "rooms of the local stack"),
        ("local-emulator/emulator/emulators/gcs/transfer/http.py", "from .. import storage", "in a circle"),
        ("infra/components/__init__.py", "import pipeline", "imports nothing that it deploys"),
        ("runner/media_analyzer/errors.py", "from front import grants", "nothing of ours but the sender"),
        ("runner/sender/__init__.py", "import components", "imports the program of infra/"),
    ],
)
def test_an_import_across_a_border_is_refused(copy: Path, file: str, line: str, contract: str) -> None:
    changed = copy / file
    changed.write_text(f"{changed.read_text()}\n{line}\n")
    found = judged(copy)
    assert found.returncode == 1
    [broken] = [row for row in found.stdout.splitlines() if row.endswith(" BROKEN") and contract in row]
    assert broken
