"""Stack names that can become folders and parts of resource names."""

from __future__ import annotations

from pathlib import Path

import pytest

from emulator.errors import StackError
from emulator.paths import stack_paths


@pytest.mark.parametrize("name", ["dev", "test-12345", "a"])
def test_a_stack_has_a_folder_of_its_own(name: str, tmp_path: Path) -> None:
    assert stack_paths(name, tmp_path).state == tmp_path / name / "state.json"


@pytest.mark.parametrize("name", ["", "../x", "Dev", "1st", "media", "cache", "setup", "x" * 19, "a/b"])
def test_what_cannot_be_a_stack_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(StackError, match="invalid stack name"):
        stack_paths(name, tmp_path)
