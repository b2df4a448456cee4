"""Every benchmark runs to its end and yields rows, in its tiny size: nothing else would notice that one is broken."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.timeout(900)  # the first test waits for all benchmarks, several of which start a stack
BENCHES = sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    """Those of all benchmarks, in one process: what they import takes longer than their tiny size."""
    environment = {**os.environ, "BENCH_SIZE": "tiny", "PYTHONPATH": "functions:runner:local-emulator:infra"}
    command = [sys.executable, "-m", "tests.bench"]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return json.loads((ROOT / ".local" / "bench-tiny.json").read_text())["rows"]


@pytest.mark.parametrize("name", BENCHES)
def test_a_benchmark_yields_rows_of_finite_numbers(rows: list[dict[str, Any]], name: str) -> None:
    own = [row for row in rows if row["file"] == f"bench_{name}"]
    assert own
    for row in own:
        assert row["bench"]
        assert isinstance(row["unit"], str)
        assert math.isfinite(row["ours"]), row


def test_a_benchmark_that_raises_is_named_and_fails_the_run() -> None:
    broken = "import tests.bench.bench_sample as b; b.rows = lambda: 1 / 0; " + (
        "import tests.bench.__main__ as m, sys; sys.exit(m.main(['sample']))"
    )
    environment = {**os.environ, "BENCH_SIZE": "tiny", "PYTHONPATH": "functions:runner:local-emulator:infra"}
    ran = subprocess.run(
        [sys.executable, "-c", broken], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert "failed bench_sample" in ran.stdout
