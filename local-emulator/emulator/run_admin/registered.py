"""Jobs as the declaration left them: one file each, read whenever one is run."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..logfiles import file_of


@dataclass(frozen=True, slots=True)
class JobSpec:
    """A job with one container.

    `name` is projects/P/locations/L/jobs/J, `image` what it was declared with; `command`, the whole `env` and `cwd`
    are how that runs here. `timeout`, in seconds, is for each attempt of a task.
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


def register(folder: Path, job: JobSpec) -> None:
    """Makes `job` known, in place of an earlier one of that name. Its environment is for its owner's eyes only."""
    folder.mkdir(parents=True, exist_ok=True)
    path = _path(folder, job.name)
    part = path.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_text(json.dumps(asdict(job)))
    part.replace(path)


def find(folder: Path, name: str) -> JobSpec | None:
    """The job of that name."""
    path = _path(folder, name)
    if not path.exists():
        return None
    fields: dict[str, Any] = json.loads(path.read_text())
    fields |= {"command": tuple(fields["command"]), "args": tuple(fields["args"])}
    return JobSpec(**fields)


def _path(folder: Path, name: str) -> Path:
    return file_of(folder, name).with_suffix(".json")
