"""Tests of one lane run in one process, and all that need a stack in one."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.parallel import SINGLY, STACK, STACKS_LANE, TOGETHER, lane

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("folder", STACK)
def test_what_needs_a_stack_shares_one_lane(folder: str) -> None:
    files = [f"{folder}/{path.name}" for path in (ROOT / folder).glob("test_*.py")]
    assert files
    assert {lane(f"{path}::test_it") for path in files} == {STACKS_LANE}


def test_lanes_are_of_what_exists() -> None:
    assert [path for path in (*STACK, *SINGLY, *TOGETHER) if not (ROOT / path).is_dir()] == []


def test_a_file_is_a_lane_or_a_folder_that_shares_or_a_test_with_processes_of_its_own() -> None:
    assert (
        lane("tests/unit/a/test_b.py::test_c[1]") == lane("tests/unit/a/test_b.py::test_d") == "tests/unit/a/test_b.py"
    )
    assert lane("tests/contract/clip/test_a.py::test_b") == lane("tests/contract/clip/c/test_d.py::test_e")
    assert lane("tests/contract/gcs/test_a.py::test_b") == "tests/contract/gcs/test_a.py"
    assert lane("tests/fuzz/test_media.py::test_c[mpegts]") == "tests/fuzz/test_media.py::test_c[mpegts]"
