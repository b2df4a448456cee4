"""The calls: Jobs.RunJob, GetJob; Executions.GetExecution, ListExecutions, CancelExecution; Operations.GetOperation."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from google.cloud import run_v2
from google.longrunning import operations_pb2
from google.protobuf import any_pb2
from grpc import StatusCode

from ...rpc import CallError, Method
from . import registered
from .executions import Executions
from .registered import JobSpec
from .running import Running, State, template_of

_JOB = re.compile(r"projects/[^/]+/locations/[^/]+/jobs/[^/]+")
_PAGE = 100


class Admin:
    """Answers raw messages. `jobs` is the folder where jobs are registered. Raises CallError."""

    def __init__(self, jobs: Path, executions: Executions) -> None:
        self._jobs = jobs
        self._executions = executions

    def methods(self) -> dict[str, Method]:
        """Each call by its full name."""
        return {
            "/google.cloud.run.v2.Jobs/RunJob": Method(run_v2.RunJobRequest.pb(), self.run_job),
            "/google.cloud.run.v2.Jobs/GetJob": Method(run_v2.GetJobRequest.pb(), self.get_job),
            "/google.cloud.run.v2.Executions/GetExecution": Method(
                run_v2.GetExecutionRequest.pb(), lambda request: _raw(self._execution(request.name).message)
            ),
            "/google.cloud.run.v2.Executions/ListExecutions": Method(
                run_v2.ListExecutionsRequest.pb(), self.list_executions
            ),
            "/google.cloud.run.v2.Executions/CancelExecution": Method(
                run_v2.CancelExecutionRequest.pb(), self.cancel_execution
            ),
            "/google.longrunning.Operations/GetOperation": Method(
                operations_pb2.GetOperationRequest, self.get_operation
            ),
        }

    def run_job(self, request: Any) -> Any:
        """Starts an execution; the operation ends with it."""
        if request.validate_only or request.etag:
            raise CallError(StatusCode.UNIMPLEMENTED, "validate_only and etag of RunJob are not emulated.")
        spec = self._job(request.name)
        running = self._executions.start(_overridden(spec, request.overrides), spec.name.rsplit("/", 1)[-1])
        return _operation(running)

    def get_job(self, request: Any) -> Any:
        """The declared job, and the number of its executions."""
        spec = self._job(request.name)
        runs = self._executions.find(lambda running: running.name.startswith(f"{spec.name}/executions/"))
        job = run_v2.Job(
            name=spec.name,
            template=run_v2.ExecutionTemplate(task_count=spec.task_count, template=template_of(spec)),
            execution_count=len(runs),
        )
        return _raw(job)

    def list_executions(self, request: Any) -> Any:
        """A page of a job's executions, the newest first."""
        spec = self._job(request.parent)
        found = self._executions.find(lambda running: running.name.startswith(f"{spec.name}/executions/"))
        if request.page_token and not request.page_token.isdigit():
            raise CallError(StatusCode.INVALID_ARGUMENT, "page_token is not one that was given out.")
        start, size = int(request.page_token or 0), request.page_size or _PAGE
        page = run_v2.ListExecutionsResponse(
            executions=[running.message for running in found[start : start + size]],
            next_page_token=str(start + size) if len(found) > start + size else "",
        )
        return _raw(page)

    def cancel_execution(self, request: Any) -> Any:
        """Asks an execution to end."""
        running = self._execution(request.name)
        if running.ended.is_set():
            raise CallError(StatusCode.FAILED_PRECONDITION, f"Execution {running.short} has already completed.")
        running.cancelled.set()
        return _operation(running)

    def get_operation(self, request: Any) -> Any:
        """The state of a RunJob."""
        found = self._executions.find(lambda running: running.operation == request.name)
        if not found:
            raise CallError(StatusCode.NOT_FOUND, f"Operation {request.name!r} was not found.")
        return _operation(found[0])

    def _job(self, name: str) -> JobSpec:
        if not _JOB.fullmatch(name):
            raise CallError(
                StatusCode.INVALID_ARGUMENT, f"Invalid job {name!r}: expected projects/P/locations/L/jobs/J."
            )
        spec = registered.find_job(self._jobs, name)
        if spec is None:
            raise CallError(StatusCode.NOT_FOUND, f"Resource '{name.rsplit('/', 1)[-1]}' of kind 'JOB' does not exist.")
        return spec

    def _execution(self, name: str) -> Running:
        found = self._executions.find(lambda running: running.name == name)
        if not found:
            message = f"Resource '{name.rsplit('/', 1)[-1]}' of kind 'EXECUTION' does not exist."
            raise CallError(StatusCode.NOT_FOUND, message)
        return found[0]


def _overridden(spec: JobSpec, overrides: Any) -> JobSpec:
    """The job with a request's overrides. A container that is named has to be its only one, which has no name here."""
    if len(overrides.container_overrides) > 1:
        raise CallError(StatusCode.INVALID_ARGUMENT, "There are overrides for more containers than the job has.")
    for container in overrides.container_overrides:
        if container.name:
            raise CallError(StatusCode.INVALID_ARGUMENT, f"The job has no container named {container.name!r}.")
        if any(variable.HasField("value_source") for variable in container.env):
            raise CallError(StatusCode.UNIMPLEMENTED, "Overrides by value_source are not emulated.")
        env = {**spec.env, **{variable.name: variable.value for variable in container.env}}
        args = () if container.clear_args else tuple(container.args) or spec.args
        spec = replace(spec, env=env, args=args)
    timeout = overrides.timeout.ToTimedelta().total_seconds() if overrides.HasField("timeout") else spec.timeout
    return replace(spec, timeout=timeout, task_count=overrides.task_count or spec.task_count)


def _operation(running: Running) -> Any:
    message = running.message
    packed = any_pb2.Any()
    packed.Pack(_raw(message))
    operation = operations_pb2.Operation(name=running.operation, metadata=packed, done=running.ended.is_set())
    if not operation.done:
        return operation
    condition = message.conditions[0]
    if condition.state == State.CONDITION_SUCCEEDED:
        operation.response.CopyFrom(packed)
    else:
        cancelled = running.cancelled.is_set()
        operation.error.code = (StatusCode.CANCELLED if cancelled else StatusCode.UNKNOWN).value[0]
        operation.error.message = condition.message
    return operation


def _raw(message: Any) -> Any:
    return type(message).pb(message)
