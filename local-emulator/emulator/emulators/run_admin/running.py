"""One execution: a job that was run, with its tasks, their attempts, and how it ended."""

from __future__ import annotations

import secrets
import string
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from google.cloud import run_v2

from ...processes.logfiles import LogFile, file_of
from . import tasks
from .registered import JobSpec

_LETTERS = string.ascii_lowercase + string.digits

State = run_v2.Condition.State
Reason = run_v2.Condition.ExecutionReason


class Running:
    """One execution. `message` is the Execution as the API shows it; a copy, for it changes meanwhile."""

    def __init__(self, spec: JobSpec, logs: Path, log_name: str) -> None:
        job = spec.name.rsplit("/", 1)[-1]
        self.short = f"{job}-{''.join(secrets.choice(_LETTERS) for _ in range(5))}"
        self.name = f"{spec.name}/executions/{self.short}"
        self.operation = f"{spec.name.rpartition('/jobs/')[0]}/operations/{secrets.token_hex(16)}"
        self.cancelled = threading.Event()
        self.ended = threading.Event()
        self._spec = spec
        self._log_path = file_of(logs, log_name)
        self._lock = threading.Lock()
        self._message = run_v2.Execution(
            name=self.name,
            uid=secrets.token_hex(16),
            job=job,
            create_time=datetime.now(UTC),
            task_count=spec.task_count,
            parallelism=spec.task_count,
            template=template_of(spec),
            log_uri=self._log_path.as_uri(),
            reconciling=True,
            conditions=[_completed(State.CONDITION_PENDING, "Waiting for execution to start.")],
        )

    @property
    def message(self) -> run_v2.Execution:
        """Its state, as Google's message."""
        with self._lock:
            return run_v2.Execution(self._message)

    def run(self) -> None:
        """Every task, one after the other, until one has failed for good."""
        log = LogFile(self._log_path)
        try:
            self._change(
                start_time=datetime.now(UTC),
                conditions=[_completed(State.CONDITION_RECONCILING, "Execution is running.")],
            )
            failure = None
            for index in range(self._spec.task_count):
                failure = failure or self._task(index, log)
            self._finish(failure)
        finally:
            log.close()
            self.ended.set()

    def _task(self, index: int, log: LogFile) -> str | None:
        """Attempts until one succeeds; None, or how the last one failed."""
        failure = None
        for number in range(self._spec.max_retries + 1):
            if self.cancelled.is_set():
                break
            self._change(running_count=1, retried_count=self._message.retried_count + (number > 0))
            log.write(f"--- {self.short} task {index} attempt {number} ---")
            spec = self._spec
            env = {**spec.env, **self._platform(index, number)}
            attempt = tasks.Attempt((*spec.command, *spec.args), env, spec.cwd, spec.timeout, spec.memory)
            failure = tasks.run(attempt, self.cancelled, log)
            self._change(running_count=0)
            if failure is None:
                self._change(succeeded_count=self._message.succeeded_count + 1)
                return None
            log.write(f"--- {failure} ---")
        if self.cancelled.is_set():
            self._change(cancelled_count=1)
            return None
        self._change(failed_count=1)
        return f"Task {self.short}-task{index} failed with message: {failure}"

    def _finish(self, failure: str | None) -> None:
        if self.cancelled.is_set():
            condition = _completed(State.CONDITION_FAILED, "Execution was cancelled.", Reason.CANCELLED)
        elif failure:
            condition = _completed(State.CONDITION_FAILED, failure, Reason.NON_ZERO_EXIT_CODE)
        else:
            condition = _completed(State.CONDITION_SUCCEEDED, "Execution completed successfully.")
        self._change(completion_time=datetime.now(UTC), reconciling=False, conditions=[condition])

    def _platform(self, index: int, number: int) -> dict[str, str]:
        """The variables that Cloud Run gives to a task. https://cloud.google.com/run/docs/container-contract#jobs-env-vars"""
        return {
            "CLOUD_RUN_JOB": self._message.job,
            "CLOUD_RUN_EXECUTION": self.short,
            "CLOUD_RUN_TASK_INDEX": str(index),
            "CLOUD_RUN_TASK_ATTEMPT": str(number),
            "CLOUD_RUN_TASK_COUNT": str(self._spec.task_count),
        }

    def _change(self, **fields: Any) -> None:
        with self._lock:
            for name, value in {**fields, "update_time": datetime.now(UTC)}.items():
                setattr(self._message, name, value)


def template_of(spec: JobSpec) -> run_v2.TaskTemplate:
    """The template of each task."""
    container = run_v2.Container(image=spec.image, command=list(spec.command), args=list(spec.args))
    return run_v2.TaskTemplate(
        containers=[container],
        max_retries=spec.max_retries,
        timeout={"seconds": round(spec.timeout)},
        service_account=spec.service_account,
    )


def _completed(
    state: run_v2.Condition.State, message: str, reason: run_v2.Condition.ExecutionReason | None = None
) -> run_v2.Condition:
    condition = run_v2.Condition(
        type_="Completed", state=state, message=message, last_transition_time=datetime.now(UTC)
    )
    if reason:
        condition.execution_reason = reason
    return condition
