"""Folders that hold exactly what an archive or an image holds."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path


def sync(folder: Path, files: Mapping[str, bytes]) -> None:
    """Makes `folder` hold `files` (by relative path) and nothing else but their compiled Python.

    A file that is the same already is not touched: Python's compiled files stay valid from run to run.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.rglob("*"), reverse=True):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and "__pycache__" not in path.parts and name not in files:
            path.unlink()
        elif path.is_dir() and not _wanted(name, files):
            shutil.rmtree(path)
    for name, data in files.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


def _wanted(folder: str, files: Mapping[str, bytes]) -> bool:
    parent = folder.removesuffix("/__pycache__").removesuffix("__pycache__")
    return any(name.startswith(f"{parent}/" if parent else "") for name in files)
