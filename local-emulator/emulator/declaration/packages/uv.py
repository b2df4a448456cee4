"""uv, which resolves and installs: beside this Python, or wherever commands are found."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from ...errors import PackagesFailed

_LAST = 15  # lines of what uv says that are passed on


def run(*arguments: str | Path, cwd: Path | None = None) -> None:
    """Runs uv to its end. Raises PackagesFailed with the last lines that it wrote."""
    try:
        done = subprocess.run(
            [_program(), *map(str, arguments)], cwd=cwd, env=_environment(), capture_output=True, text=True
        )
    except FileNotFoundError:
        raise PackagesFailed("uv is not installed: run `make setup`") from None
    if done.returncode:
        raise PackagesFailed(f"uv {arguments[0]} {arguments[1]} failed:\n{_end(done.stderr.splitlines())}")


def _program() -> str:
    beside = Path(sys.executable).with_name("uv")
    return str(beside) if beside.exists() else shutil.which("uv") or "uv"


def _environment() -> dict[str, str]:
    """An index that is set for pip holds for uv too, which reads no configuration of pip."""
    index = os.environ.get("UV_DEFAULT_INDEX") or os.environ.get("PIP_INDEX_URL")
    return {**os.environ, **({"UV_DEFAULT_INDEX": index} if index else {}), "UV_NO_PROGRESS": "1"}


def _end(lines: Sequence[str]) -> str:
    return "\n".join(lines[-_LAST:])
