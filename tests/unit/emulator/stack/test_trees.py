"""A run tree holds exactly what its archive holds, and does not touch what is the same."""

from __future__ import annotations

from pathlib import Path

from emulator.declaration.realise.trees import sync


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_it_holds_exactly_the_files(tmp_path: Path) -> None:
    sync(tmp_path / "tree", {"main.py": b"1", "lib/a.py": b"2"})
    assert files(tmp_path / "tree") == {"main.py": b"1", "lib/a.py": b"2"}


def test_what_is_no_longer_there_goes(tmp_path: Path) -> None:
    sync(tmp_path, {"main.py": b"1", "lib/a.py": b"2", "lib/b.py": b"2"})
    (tmp_path / "lib/__pycache__").mkdir()
    (tmp_path / "lib/__pycache__/a.pyc").touch()
    sync(tmp_path, {"main.py": b"1"})
    assert files(tmp_path) == {"main.py": b"1"}
    assert not (tmp_path / "lib").exists()


def test_what_is_the_same_keeps_its_time_and_its_compiled_form(tmp_path: Path) -> None:
    sync(tmp_path, {"main.py": b"1", "other.py": b"1"})
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__/main.pyc").touch()
    before = (tmp_path / "main.py").stat().st_mtime_ns
    sync(tmp_path, {"main.py": b"1", "other.py": b"2"})
    assert (tmp_path / "main.py").stat().st_mtime_ns == before
    assert (tmp_path / "other.py").read_bytes() == b"2"
    assert (tmp_path / "__pycache__/main.pyc").exists()


def test_a_file_where_a_folder_was_and_the_reverse(tmp_path: Path) -> None:
    sync(tmp_path, {"a/b": b"1", "c": b"2"})
    sync(tmp_path, {"a": b"1", "c/d": b"2"})
    assert files(tmp_path) == {"a": b"1", "c/d": b"2"}
