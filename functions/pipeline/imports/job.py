"""The Cloud Run job that imports a file: starts an execution for one generation of an object, and finds it again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ..domain.settings import load, setting
from ..jobs import executions


@dataclass(frozen=True, slots=True)
class Job:
    """Settings of the job."""

    name: str = setting("IMPORT_JOB", "job that imports files: `projects/PROJECT/locations/REGION/jobs/NAME`")


@cache
def job() -> Job:
    """The settings of this process."""
    return load(Job)


def arguments(object_name: str, generation: int) -> list[str]:
    """Arguments of an execution: they name the generation that it imports, so that it can be found again."""
    return ["--object", object_name, "--generation", str(generation)]


def start(object_name: str, generation: int, *, new: bool) -> str:
    """Starts the execution for this generation, unless an earlier delivery has started it. Returns its name."""
    earlier = None if new else find(object_name, generation)
    return earlier or run(object_name, generation)


def run(object_name: str, generation: int) -> str:
    """Starts an execution and returns its name, without waiting for its end."""
    return executions.run(job().name, arguments(object_name, generation))


def find(object_name: str, generation: int) -> str | None:
    """The execution that was started for this generation, if one was."""
    return executions.find(job().name, arguments(object_name, generation))
