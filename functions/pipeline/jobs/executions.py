"""Executions of a Cloud Run job: starts one with arguments of its own, finds it again, and tells what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from google.api_core.exceptions import NotFound as GoogleNotFound

from ..cloud.clients import executions_client, jobs_client

if TYPE_CHECKING:
    from google.cloud import run_v2

_TIMEOUT = 20  # seconds of one call
_LOOKED_AT = 200  # executions, the newest first, among which an earlier one is looked for


def run(job: str, arguments: Sequence[str]) -> str:
    """Starts an execution of `job` (`projects/…/jobs/NAME`) and returns its name, without waiting for its end."""
    from google.cloud import run_v2

    container = run_v2.RunJobRequest.Overrides.ContainerOverride(args=list(arguments))
    overrides = run_v2.RunJobRequest.Overrides(container_overrides=[container])
    operation = jobs_client().run_job(run_v2.RunJobRequest(name=job, overrides=overrides), timeout=_TIMEOUT, retry=None)
    started: Any = operation.metadata  # the Execution; the library leaves its type open
    return str(started.name)


def find(job: str, arguments: Sequence[str]) -> str | None:
    """The newest execution that was started with these arguments, if one was."""
    executions = executions_client().list_executions(parent=job, timeout=_TIMEOUT)
    for execution in islice(executions, _LOOKED_AT):
        if any(list(container.args) == list(arguments) for container in execution.template.containers):
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
