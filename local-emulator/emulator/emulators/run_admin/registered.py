"""Jobs as the declaration left them: one file each, read for each request.

This module does not import Google's client, which would take the code that declares jobs a third of a second.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ...processes.logfiles import file_of


@dataclass(frozen=True, slots=True)
class JobSpec:
    """A job with one container.

    `name` is projects/P/locations/L/jobs/J, `image` what it was declared with; `command`, the whole `env` and `cwd`
    are how that runs here. `timeout`, in seconds, and `memory`, in bytes (0: no limit), are for each attempt of a task.
    """

    name: str
    image: str
    command: tuple[str, ...]
    args: tuple[str, ...]
    env: dict[str, str]
    cwd: str
    timeout: float
    max_retries: int
    task_count: int
    service_account: str = ""
    memory: int = 0


def register(folder: Path, spec: JobSpec) -> None:
    """Makes `spec` known, in place of an earlier one of that name. Its environment is for its owner's eyes only."""
    folder.mkdir(parents=True, exist_ok=True)
    path = _path(folder, spec.name)
    part = path.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_text(json.dumps(asdict(spec)))
    part.replace(path)


def find_job(folder: Path, name: str) -> JobSpec | None:
    """The job of that name."""
    if not (fields := _read(folder, name)):
        return None
    fields |= {"command": tuple(fields["command"]), "args": tuple(fields["args"])}
    return JobSpec(**fields)


def _read(folder: Path, name: str) -> dict[str, Any] | None:
    path = _path(folder, name)
    return json.loads(path.read_text()) if path.exists() else None


def _path(folder: Path, name: str) -> Path:
    return file_of(folder, name).with_suffix(".json")
