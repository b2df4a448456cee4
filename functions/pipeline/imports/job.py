"""The Cloud Run job that imports a file: starts an execution for one generation of an object, and finds it again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from google.api_core.exceptions import NotFound as GoogleNotFound

from ..cloud.clients import executions_client, jobs_client
from ..domain.settings import load, setting

if TYPE_CHECKING:
    from google.cloud import run_v2

_TIMEOUT = 20  # seconds of one call
_LOOKED_AT = 200  # executions, the newest first, among which an earlier delivery's is looked for


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
    from google.cloud import run_v2

    container = run_v2.RunJobRequest.Overrides.ContainerOverride(args=arguments(object_name, generation))
    overrides = run_v2.RunJobRequest.Overrides(container_overrides=[container])
    operation = jobs_client().run_job(
        run_v2.RunJobRequest(name=job().name, overrides=overrides), timeout=_TIMEOUT, retry=None
    )
    started: Any = operation.metadata  # the Execution; the library leaves its type open
    return str(started.name)


def find(object_name: str, generation: int) -> str | None:
    """The execution that was started for this generation, if one was."""
    wanted = arguments(object_name, generation)
    executions = executions_client().list_executions(parent=job().name, timeout=_TIMEOUT)
    for execution in islice(executions, _LOOKED_AT):
        if any(list(container.args) == wanted for container in execution.template.containers):
            return execution.name
    return None


def outcome(execution: str) -> str | None:
    """The outcome of an execution, in words; None while it runs."""
    try:
        found = executions_client().get_execution(name=execution, timeout=_TIMEOUT)
    except GoogleNotFound:
        return "its execution was deleted"
    if not found.completion_time:
        return None
    return next((_said(c) for c in found.conditions if c.type_ == "Completed"), "its execution ended")


def _said(condition: run_v2.Condition) -> str:
    return condition.message or "its execution ended"
